"""From a name in a query to a scan of its data."""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import exp

from ops.local.athena.engine import Session
from ops.local.athena.errors import not_supported
from ops.local.athena.tables import iceberg
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

    def open(
        self, table: GlueTable, reference: exp.Table, used: set[str] | None, session: Session
    ) -> TableScan:
        """A scan of the columns of ``table`` that are among the names ``used`` (all if None)."""
        if table.is_iceberg:
            opened = iceberg.load(table, self.objects)
            names = [field.name for field in opened.schema().fields]
            return iceberg.IcebergScan(opened, chosen(names, used))
        raise not_supported(f"Table {table.database}.{table.name} is no Iceberg table")


def chosen(columns: list[str], used: set[str] | None) -> list[str]:
    """The columns to read: those used, or one of them if only their number counts."""
    wanted = [name for name in columns if used is None or name.lower() in used]
    return wanted or columns[:1]
