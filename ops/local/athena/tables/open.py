"""From a name in a query to a scan of its data."""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import exp

from ops.local.athena.engine import Session
from ops.local.athena.sql.pushdown import conditions, fixed_values, hidden_columns, used_columns
from ops.local.athena.tables import files, hive, iceberg, pruning
from ops.local.athena.tables.catalog import GlueCatalog, GlueTable
from ops.local.athena.tables.objects import StageObjects
from ops.local.athena.tables.scan import TableScan


@dataclass
class TableOpener:
    """Opens tables of one stage."""

    catalog: GlueCatalog
    objects: StageObjects

    def find(self, database: str, name: str) -> GlueTable | None:
        """The table of a name, or None; ``table$snapshots`` finds ``table``."""
        return self.catalog.table(database, name.partition("$")[0])

    def open(self, table: GlueTable, reference: exp.Table, tree: exp.Expr, session: Session) -> TableScan:
        """A scan of what ``tree`` needs of the table that ``reference``, a part of it, names."""
        if table.is_iceberg:
            opened = iceberg.load(table, self.objects)
            names = [field.name for field in opened.schema().fields]
            return iceberg.IcebergScan(opened, _chosen(names, used_columns(tree)))
        return self._files(table, reference, tree, session)

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
