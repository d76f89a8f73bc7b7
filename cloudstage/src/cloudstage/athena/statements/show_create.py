"""SHOW CREATE TABLE and SHOW CREATE VIEW: the statement that makes it again."""

from __future__ import annotations

from collections.abc import Iterator

from cloudstage.athena.errors import QueryFailed
from cloudstage.athena.query import Query
from cloudstage.athena.results.columns import ResultColumn, text_column
from cloudstage.athena.sql import names
from cloudstage.athena.sql.views import view_query
from cloudstage.athena.tables import iceberg
from cloudstage.athena.tables.catalog import GlueColumn, GlueTable

# What the catalog keeps for itself.
_INTERNAL = {"EXTERNAL", "metadata_location", "previous_metadata_location", "table_type"}


def table(query: Query) -> None:
    """SHOW CREATE TABLE."""
    match = names.matched(rf"show create table {names.NAME}", query.statement.body)
    found = query.table(match["name"])
    if found.is_view:
        raise QueryFailed("", f"FAILED: SemanticException: {found.name} is a view; use SHOW CREATE VIEW")
    lines = _iceberg(query, found) if found.is_iceberg else _external(found)
    query.answer([text_column("createtab_stmt")], list(lines))


def view(query: Query) -> None:
    """SHOW CREATE VIEW."""
    match = names.matched(rf"show create view {names.NAME}", query.statement.body)
    found = query.table(match["name"])
    sql, _ = view_query(found)
    lines = [f'CREATE VIEW "{found.database}"."{found.name}" AS', *sql.split("\n")]
    query.answer([ResultColumn("Create View", "varchar")], lines)


def _external(found: GlueTable) -> Iterator[str]:
    yield f"CREATE EXTERNAL TABLE `{found.name}`("
    yield from _columns(found.columns, ")")
    if found.partition_columns:
        yield "PARTITIONED BY ( "
        yield from _columns(found.partition_columns, ")")
    serde = found.storage.get("SerdeInfo") or {}
    yield "ROW FORMAT SERDE "
    yield f"  '{serde.get('SerializationLibrary')}' "
    if serde.get("Parameters"):
        yield "WITH SERDEPROPERTIES ( "
        yield from _pairs(serde["Parameters"])
    yield "STORED AS INPUTFORMAT "
    yield f"  '{found.storage.get('InputFormat')}' "
    yield "OUTPUTFORMAT "
    yield f"  '{found.storage.get('OutputFormat')}'"
    yield "LOCATION"
    yield f"  '{found.location}'"
    yield "TBLPROPERTIES ("
    yield from _pairs({name: value for name, value in found.parameters.items() if name not in _INTERNAL})


def _iceberg(query: Query, found: GlueTable) -> Iterator[str]:
    opened = iceberg.load(found, query.services.objects)
    yield f"CREATE TABLE {found.database}.{found.name} ("
    yield from _columns(found.columns, ")")
    fields = [
        (opened.schema().find_column_name(field.source_id), str(field.transform))
        for field in opened.spec().fields
    ]
    if fields:
        parts = ", ".join(_transform(str(name), transform) for name, transform in fields)
        yield f"PARTITIONED BY ({parts})"
    yield f"LOCATION '{found.location}'"
    yield "TBLPROPERTIES ("
    yield from _pairs({"table_type": "iceberg", **opened.properties})


def _transform(name: str, transform: str) -> str:
    plain, _, rest = transform.partition("[")
    if plain == "identity":
        return f"`{name}`"
    return f"{plain}({rest.rstrip(']')}, `{name}`)" if rest else f"{plain}(`{name}`)"


def _columns(columns: list[GlueColumn], end: str) -> Iterator[str]:
    for index, column in enumerate(columns, start=1):
        comment = f" COMMENT '{column.comment}'" if column.comment else ""
        yield f"  `{column.name}` {column.type}{comment}{end if index == len(columns) else ', '}"


def _pairs(pairs: dict[str, str]) -> Iterator[str]:
    for index, (name, value) in enumerate(sorted(pairs.items()), start=1):
        yield f"  '{name}'='{value}'{')' if index == len(pairs) else ', '}"
    if not pairs:
        yield "  )"
