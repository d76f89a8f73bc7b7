"""SHOW and DESCRIBE: the catalog in words, a line of text per row."""

from __future__ import annotations

import fnmatch
import re

from cloudstage.athena.errors import QueryFailed
from cloudstage.athena.query import Query
from cloudstage.athena.results.columns import text_column
from cloudstage.athena.sql import names
from cloudstage.athena.tables.catalog import GlueColumn, GlueTable

_LIKE = r"(?: (?:like )?'(?P<like>[^']*)')?"
_IN = r"(?: (?:in|from) (?P<name>[\w`\"$]+))?"


def databases(query: Query) -> None:
    """SHOW DATABASES."""
    match = names.matched(rf"show (?:databases|schemas){_LIKE}", query.statement.body)
    found = [database["Name"] for database in query.services.catalog.databases()]
    query.answer([text_column("database_name")], _like(found, match["like"]))


def tables(query: Query) -> None:
    """SHOW TABLES."""
    match = names.matched(rf"show tables{_IN}{_LIKE}", query.statement.body)
    found = _tables(query, match["name"])
    query.answer([text_column("tab_name")], _like([table.name for table in found], match["like"]))


def views(query: Query) -> None:
    """SHOW VIEWS."""
    match = names.matched(rf"show views{_IN}{_LIKE}", query.statement.body)
    found = [table.name for table in _tables(query, match["name"]) if table.is_view]
    query.answer([text_column("views")], _like(found, match["like"]))


def columns(query: Query) -> None:
    """SHOW COLUMNS."""
    pattern = rf"show columns (?:in|from) {names.NAME}(?: (?:in|from) (?P<database>[\w`\"]+))?"
    match = names.matched(pattern, query.statement.body)
    database = names.parts(match["database"])[0] if match["database"] else None
    table = query.table(match["name"], database)
    found = [*table.columns, *table.partition_columns]
    query.answer([text_column("field")], [f"{column.name:<20}" for column in found])


def partitions(query: Query) -> None:
    """SHOW PARTITIONS: what the catalog has; projected partitions are not in the catalog."""
    match = names.matched(rf"show partitions {names.NAME}", query.statement.body)
    table = query.table(match["name"])
    keys = [column.name for column in table.partition_columns]
    if not keys:
        raise QueryFailed(
            "", f"FAILED: SemanticException [Error 10241]: Table {table.name} is not a partitioned table"
        )
    found = query.services.catalog.partitions(table)
    rows = [
        "/".join(f"{key}={value}" for key, value in zip(keys, each["Values"], strict=True)) for each in found
    ]
    query.answer([text_column("partition")], rows)


def properties(query: Query) -> None:
    """SHOW TBLPROPERTIES."""
    match = names.matched(rf"show tblproperties {names.NAME}", query.statement.body)
    table = query.table(match["name"])
    rows = [f"{name}\t{value}" for name, value in sorted(table.parameters.items())]
    query.answer([text_column("prpt_name"), text_column("prpt_value")], rows)


def describe(query: Query) -> None:
    """DESCRIBE: a line per column, padded as Hive does; then the partition columns once more."""
    match = names.matched(rf"desc(?:ribe)?(?: (?:extended|formatted))? {names.NAME}", query.statement.body)
    table = query.table(match["name"])
    rows = [_described(column) for column in [*table.columns, *table.partition_columns]]
    if table.partition_columns:
        heading = _described(GlueColumn("# col_name", "data_type", "comment"))
        rows += ["\t \t ", "# Partition Information\t \t ", heading, "\t \t "]
        rows += [_described(column) for column in table.partition_columns]
    query.answer([text_column(name) for name in ("col_name", "data_type", "comment")], rows)


def _described(column: GlueColumn) -> str:
    return f"{column.name:<20}\t{column.type:<20}\t{column.comment:<20}"


def _tables(query: Query, named: str | None) -> list[GlueTable]:
    database = names.parts(named)[0] if named else query.database
    if query.services.catalog.database(database) is None:
        raise QueryFailed("", f"FAILED: SemanticException [Error 10072]: Database does not exist: {database}")
    return query.services.catalog.tables(database)


def _like(found: list[str], pattern: str | None) -> list[str]:
    """Hive's patterns: ``*`` is anything, ``|`` is or; Athena takes regular expressions too."""
    if pattern is None:
        return found
    expression = "|".join(
        fnmatch.translate(part) if "*" in part and ".*" not in part else part for part in pattern.split("|")
    )
    try:
        wanted = re.compile(expression, re.IGNORECASE)
    except re.error as error:
        raise QueryFailed("", f"FAILED: ParseException: {pattern} is no pattern: {error}") from error
    return [name for name in found if wanted.fullmatch(name)]
