"""``information_schema``: the catalog as tables, for clients that ask in SQL."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa

from cloudstage.athena.tables.catalog import CATALOG, Catalog

SCHEMA = "information_schema"
_COLUMNS = {
    "columns": {
        "table_catalog": pa.string(),
        "table_schema": pa.string(),
        "table_name": pa.string(),
        "column_name": pa.string(),
        "ordinal_position": pa.int64(),
        "column_default": pa.string(),
        "is_nullable": pa.string(),
        "data_type": pa.string(),
    },
    "schemata": {"catalog_name": pa.string(), "schema_name": pa.string()},
    "tables": {
        "table_catalog": pa.string(),
        "table_schema": pa.string(),
        "table_name": pa.string(),
        "table_type": pa.string(),
    },
}
Row = tuple[str | int | None, ...]


def table(catalog: Catalog, name: str) -> pa.Table | None:
    """A table of ``information_schema``, None if there is none of this name."""
    if name not in _COLUMNS:
        return None
    fields = _COLUMNS[name]
    rows = _ROWS[name](catalog)
    columns = [pa.array([row[index] for row in rows], kind) for index, kind in enumerate(fields.values())]
    return pa.table(columns, names=list(fields))


def _schemata(catalog: Catalog) -> list[Row]:
    return [(CATALOG, database["Name"]) for database in catalog.databases()]


def _tables(catalog: Catalog) -> list[Row]:
    return [
        (CATALOG, database["Name"], found.name, "VIEW" if found.is_view else "BASE TABLE")
        for database in catalog.databases()
        for found in catalog.tables(database["Name"])
    ]


def _columns(catalog: Catalog) -> list[Row]:
    return [
        (CATALOG, found.database, found.name, column.name, position, None, "YES", column.type)
        for database in catalog.databases()
        for found in catalog.tables(database["Name"])
        for position, column in enumerate([*found.columns, *found.partition_columns], start=1)
    ]


_ROWS: dict[str, Callable[[Catalog], list[Row]]] = {
    "columns": _columns,
    "schemata": _schemata,
    "tables": _tables,
}
