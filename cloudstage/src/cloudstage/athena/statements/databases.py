"""CREATE DATABASE and DROP DATABASE."""

from __future__ import annotations

from cloudstage.athena.errors import QueryFailed
from cloudstage.athena.query import Query
from cloudstage.athena.sql import names

_NAME = r"(?P<name>`[^`]+`|\w+)"


def create(query: Query) -> None:
    """CREATE DATABASE."""
    match = names.matched(
        rf"create (?:database|schema) (?P<lenient>if not exists )?{_NAME}(?: comment '(?P<comment>[^']*)')?"
        r"(?: location '(?P<location>[^']*)')?(?: with dbproperties\s*\(.*\))?",
        query.statement.body,
    )
    name = names.parts(match["name"])[0]
    if query.services.catalog.database(name) is None:
        wanted = {"Name": name, "Description": match["comment"], "LocationUri": match["location"]}
        given = {key: value for key, value in wanted.items() if value}
        query.services.catalog.client.create_database(DatabaseInput=given)
    elif not match["lenient"]:
        raise QueryFailed(
            "",
            f"FAILED: Execution Error, return code 1. AlreadyExistsException: Database {name} already exists",
        )
    query.done()


def drop(query: Query) -> None:
    """DROP DATABASE; one with tables needs CASCADE, which leaves the data where it is."""
    match = names.matched(
        rf"drop (?:database|schema) (?P<lenient>if exists )?{_NAME}(?: (?P<how>restrict|cascade))?",
        query.statement.body,
    )
    name = names.parts(match["name"])[0]
    catalog = query.services.catalog
    if catalog.database(name) is None:
        if not match["lenient"]:
            raise QueryFailed("", f"FAILED: SemanticException [Error 10072]: Database does not exist: {name}")
    elif catalog.tables(name) and (match["how"] or "").lower() != "cascade":
        raise QueryFailed(
            "",
            "FAILED: Execution Error, return code 1. "
            f"InvalidOperationException(message:Database {name} is not empty. One or more tables exist.)",
        )
    else:
        for table in catalog.tables(name):
            catalog.client.delete_table(DatabaseName=name, Name=table.name)
        catalog.client.delete_database(Name=name)
    query.done()
