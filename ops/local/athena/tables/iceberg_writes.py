"""Changes of Iceberg tables, committed through the Glue catalog as any other writer does."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pyarrow as pa
from pyiceberg.catalog.glue import GlueCatalog
from pyiceberg.exceptions import CommitFailedException, NotInstalledError
from pyiceberg.table import Table
from pyiceberg.transforms import parse_transform

from ops.local.athena.errors import QueryFailed, not_supported
from ops.local.athena.tables.catalog import GlueColumn
from ops.local.athena.tables.hive_types import arrow_type
from ops.local.context import StageContext
from ops.local.environment import ACCESS_KEY_ID, SECRET_ACCESS_KEY

Name = tuple[str, str]
# How often an append is tried again when another writer was faster.
_ATTEMPTS = 5


def catalog(context: StageContext) -> GlueCatalog:
    """The stage's catalog, for changes."""
    properties = {"s3.endpoint": context.endpoint, "s3.region": context.region}
    properties |= {"glue.endpoint": context.endpoint, "glue.region": context.region}
    for service in ("s3", "glue"):
        properties |= {
            f"{service}.access-key-id": ACCESS_KEY_ID,
            f"{service}.secret-access-key": SECRET_ACCESS_KEY,
        }
    return GlueCatalog("stage", **properties)


def create(
    catalog: GlueCatalog,
    name: Name,
    columns: Sequence[GlueColumn],
    partitioned_by: Sequence[tuple[str, str]],
    location: str,
) -> None:
    """A new table. ``partitioned_by``: column and transform, such as ``("id", "bucket[16]")``."""
    fields = [pa.field(each.name, _stored(arrow_type(each.type))) for each in columns]
    transaction = catalog.create_table_transaction(name, pa.schema(fields), location=location)
    with transaction:
        if partitioned_by:
            with transaction.update_spec() as specification:
                for column, transform in partitioned_by:
                    specification.add_field(
                        column, parse_transform(transform), _field_name(column, transform)
                    )


def append(catalog: GlueCatalog, name: Name, rows: pa.Table) -> None:
    """Add rows; if another writer commits first, add them to what it made."""
    for attempt in range(_ATTEMPTS):
        try:
            _guarded(lambda: catalog.load_table(name).append(rows))
        except CommitFailedException as error:
            if attempt == _ATTEMPTS - 1:
                raise _lost(name) from error
        else:
            return


def overwrite(table: Table, rows: pa.Table) -> None:
    """Replace all rows of a table as it was loaded; fails if another writer committed since."""
    try:
        _guarded(lambda: table.overwrite(rows))
    except CommitFailedException as error:
        raise _lost(table.name()) from error


def _guarded(write: Callable[[], None]) -> None:
    try:
        write()
    except NotInstalledError as error:
        raise not_supported(f"A local stage can't write to a table partitioned like this: {error}") from error


def _lost(name: tuple[str, ...]) -> QueryFailed:
    return QueryFailed("ICEBERG_COMMIT_ERROR", f"Failed to commit Iceberg update to table: {'.'.join(name)}")


def _stored(kind: pa.DataType) -> pa.DataType:
    """Iceberg keeps microseconds."""
    return pa.timestamp("us") if pa.types.is_timestamp(kind) else kind


def _field_name(column: str, transform: str) -> str:
    plain = transform.partition("[")[0]
    return column if plain == "identity" else f"{column}_{'trunc' if plain == 'truncate' else plain}"
