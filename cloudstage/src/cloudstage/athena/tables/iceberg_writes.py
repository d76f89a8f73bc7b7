"""Changes of Iceberg tables, committed through the Glue catalog as any other writer does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pyarrow as pa
from pyiceberg.catalog.glue import GlueCatalog
from pyiceberg.exceptions import CommitFailedException, NotInstalledError
from pyiceberg.table import Table
from pyiceberg.transforms import parse_transform

from cloudstage.athena.errors import QueryFailed, not_supported
from cloudstage.context import Context

Name = tuple[str, str]
# How often an append is tried again when another writer was faster.
_ATTEMPTS = 5


def catalog(context: Context) -> GlueCatalog:
    """The cloudstage's catalog, for changes."""
    properties = {"s3.endpoint": context.endpoint, "s3.region": context.region}
    properties |= {"glue.endpoint": context.endpoint, "glue.region": context.region}
    for service in ("s3", "glue"):
        properties |= {
            f"{service}.access-key-id": context.credentials.access_key_id,
            f"{service}.secret-access-key": context.credentials.secret_access_key,
        }
    return GlueCatalog("cloudstage", **properties)


@dataclass(frozen=True)
class NewTable:
    """A table to be made; ``partitioned_by``: column and transform, such as ``("id", "bucket[16]")``."""

    name: Name
    schema: pa.Schema
    partitioned_by: Sequence[tuple[str, str]]
    location: str


def create(catalog: GlueCatalog, table: NewTable, rows: pa.Table | None = None) -> None:
    """Make a table, with rows if there are any, in one commit."""
    transaction = catalog.create_table_transaction(table.name, table.schema, location=table.location)
    with transaction:
        if table.partitioned_by:
            with transaction.update_spec() as specification:
                for column, transform in table.partitioned_by:
                    name_of_field = _field_name(column, transform)
                    specification.add_field(column, parse_transform(transform), name_of_field)
        if rows is not None and rows.num_rows:
            _guarded(lambda: transaction.append(rows))


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
        raise not_supported(f"A cloudstage can't write to a table partitioned like this: {error}") from error


def _lost(name: tuple[str, ...]) -> QueryFailed:
    return QueryFailed("ICEBERG_COMMIT_ERROR", f"Failed to commit Iceberg update to table: {'.'.join(name)}")


def _field_name(column: str, transform: str) -> str:
    plain = transform.partition("[")[0]
    return column if plain == "identity" else f"{column}_{'trunc' if plain == 'truncate' else plain}"
