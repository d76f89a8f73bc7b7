"""From a name in a query to a scan of its data."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
from sqlglot import exp

from cloudstage.athena.engine import Session
from cloudstage.athena.errors import QueryFailed, not_supported
from cloudstage.athena.sql.pushdown import conditions, fixed_values, hidden_columns, used_columns
from cloudstage.athena.tables import files, hive, iceberg, pruning
from cloudstage.athena.tables.catalog import Catalog, GlueTable
from cloudstage.athena.tables.iceberg_filter import row_filter
from cloudstage.athena.tables.iceberg_metadata import METADATA_TABLES
from cloudstage.athena.tables.objects import StageObjects
from cloudstage.athena.tables.scan import MemoryScan, TableScan
from cloudstage.athena.tables.time_travel import snapshot_id


@dataclass
class TableOpener:
    """Opens tables of one cloudstage."""

    catalog: Catalog
    objects: StageObjects

    def find(self, database: str, name: str) -> GlueTable | None:
        """The table of a name, or None; ``table$snapshots`` finds ``table``."""
        plain, _, kind = name.partition("$")
        return self.catalog.table(database, plain) if not kind or kind in METADATA_TABLES else None

    def open(self, table: GlueTable, reference: exp.Table, tree: exp.Expr, session: Session) -> TableScan:
        """A scan of what ``tree`` needs of the table that ``reference``, a part of it, names."""
        kind = reference.name.lower().partition("$")[2]
        if table.is_iceberg:
            return self._iceberg(table, kind, reference, tree, session)
        if reference.args.get("version"):
            raise QueryFailed("NOT_SUPPORTED", "This connector does not support versioned tables")
        if kind:
            return self._partitions(table, kind)
        return self._files(table, reference, tree, session)

    def _iceberg(
        self, table: GlueTable, kind: str, reference: exp.Table, tree: exp.Expr, session: Session
    ) -> TableScan:
        opened = iceberg.load(table, self.objects)
        if kind:
            return MemoryScan(METADATA_TABLES[kind](opened))
        snapshot = snapshot_id(opened, reference, session)
        schema = opened.scan(snapshot_id=snapshot).projection()
        names = [field.name for field in schema.fields]
        wanted = row_filter(conditions(reference, {name.lower() for name in names}), schema)
        return iceberg.IcebergScan(opened, _chosen(names, used_columns(tree)), wanted, snapshot)

    def _partitions(self, table: GlueTable, kind: str) -> TableScan:
        """``"table$partitions"`` of a table with Hive partitions: their values."""
        if kind != "partitions" or not table.partition_columns:
            raise not_supported(f'Table {table.name} has no "{table.name}${kind}"')
        found = files.partitions(self.catalog, table, {})
        columns = {
            key.name: pa.array([each.values[position] for each in found], pa.string())
            for position, key in enumerate(table.partition_columns)
        }
        return MemoryScan(pa.table(columns))

    def _files(self, table: GlueTable, reference: exp.Table, tree: exp.Expr, session: Session) -> TableScan:
        keys = {column.name for column in table.partition_columns}
        wanted = conditions(reference, keys) if keys else []
        partitions = files.partitions(self.catalog, table, fixed_values(wanted))
        needed = pruning.needed(session, table, partitions, wanted)
        names = [column.name for column in (*table.columns, *table.partition_columns)]
        columns = _chosen(names, used_columns(tree)) + sorted(hidden_columns(tree))
        return hive.scan(table, self.objects, list(files.files(self.objects, needed)), columns)


def _chosen(columns: list[str], used: set[str] | None) -> list[str]:
    """The columns to read: those used, or one of them if only their number counts."""
    wanted = [name for name in columns if used is None or name.lower() in used]
    return wanted or columns[:1]
