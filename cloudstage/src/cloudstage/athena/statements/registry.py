"""Which function runs which kind of statement, and where its result goes."""

from __future__ import annotations

from collections.abc import Callable

from cloudstage.athena.errors import not_supported
from cloudstage.athena.query import Query
from cloudstage.athena.sql import parsing
from cloudstage.athena.sql.statement import Statement
from cloudstage.athena.statements import (
    change_rows,
    create_table,
    create_table_as,
    databases,
    drop,
    explain,
    insert,
    partitions,
    prepare,
    select,
    show,
    show_create,
    unload,
    view,
)
from cloudstage.athena.workgroup import QuerySettings

_RUN: dict[str, Callable[[Query], None]] = {
    "ALTER_TABLE": partitions.alter,
    "CREATE_DATABASE": databases.create,
    "CREATE_TABLE": create_table.run,
    "CREATE_TABLE_AS_SELECT": create_table_as.run,
    "CREATE_VIEW": view.create,
    "DEALLOCATE": prepare.deallocate,
    "DELETE": change_rows.delete,
    "DROP_DATABASE": databases.drop,
    "DROP_TABLE": drop.table,
    "DROP_VIEW": drop.view,
    "EXPLAIN": explain.run,
    "INSERT": insert.run,
    "MSCK_REPAIR": partitions.repair,
    "PREPARE": prepare.prepare,
    "UPDATE": change_rows.update,
    "DESCRIBE_TABLE": show.describe,
    "SELECT": select.run,
    "SHOW_COLUMNS": show.columns,
    "SHOW_CREATE_TABLE": show_create.table,
    "SHOW_CREATE_VIEW": show_create.view,
    "SHOW_DATABASES": show.databases,
    "SHOW_PARTITIONS": show.partitions,
    "SHOW_TABLES": show.tables,
    "SHOW_TBLPROPERTIES": show.properties,
    "SHOW_VIEWS": show.views,
    "UNLOAD": unload.run,
}
# Statements in Trino's grammar; the others are read by patterns when they run.
_PARSED = {"CREATE_TABLE_AS_SELECT", "CREATE_VIEW", "DELETE", "INSERT", "MERGE", "SELECT", "UPDATE"}
# Where Athena puts the result, or would: below the output location, for the query with this id.
_FILES = {
    "CREATE_TABLE_AS_SELECT": "tables/{id}",
    "DELETE": "{id}.csv",
    "INSERT": "{id}",
    "MERGE": "{id}.csv",
    "SELECT": "{id}.csv",
    "UNLOAD": "{id}",
    "UPDATE": "{id}.csv",
}


def check(statement: Statement, settings: QuerySettings) -> None:
    """Refuse at once, by InvalidRequest, what is no proper statement."""
    if statement.subtype in _PARSED:
        tree = parsing.parse(statement.text)
        if statement.subtype == "CREATE_TABLE_AS_SELECT":
            create_table_as.check(tree, settings)
    elif statement.subtype == "CREATE_TABLE":
        create_table.parse(statement.text)


def run(query: Query) -> None:
    """Run a statement; one that a cloudstage can't run fails and says so."""
    subtype = query.statement.subtype
    if subtype not in _RUN:
        raise not_supported(
            f"A cloudstage can't run {subtype.replace('_', ' ')} statements; the query was not executed"
        )
    _RUN[subtype](query)


def result_file(statement: Statement, identifier: str) -> str:
    """The name of the result's file below the output location."""
    return _FILES.get(statement.subtype, "{id}.txt").format(id=identifier)
