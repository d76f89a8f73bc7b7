"""DROP TABLE and DROP VIEW."""

from __future__ import annotations

from cloudstage.athena.errors import QueryFailed
from cloudstage.athena.query import Query
from cloudstage.athena.sql import names
from cloudstage.athena.tables.catalog import GlueTable
from cloudstage.athena.tables.objects import split_uri

_AT_ONCE = 1000


def table(query: Query) -> None:
    """DROP TABLE: the data of an Iceberg table goes with it, that of other tables stays."""
    match = names.matched(rf"drop table (?P<lenient>if exists )?{names.NAME}", query.statement.body)
    found = _found(query, match["name"])
    if found is None and not match["lenient"]:
        raise QueryFailed("", f"FAILED: SemanticException [Error 10001]: Table not found {match['name']}")
    if found is not None:
        if found.is_iceberg:
            _purge(query, found)
        query.services.catalog.client.delete_table(DatabaseName=found.database, Name=found.name)
    query.done()


def view(query: Query) -> None:
    """DROP VIEW."""
    match = names.matched(rf"drop view (?P<lenient>if exists )?{names.NAME}", query.statement.body)
    found = _found(query, match["name"])
    if found is None and not match["lenient"]:
        raise QueryFailed("VIEW_NOT_FOUND", f"line 1:1: View '{match['name']}' does not exist")
    if found is not None:
        if not found.is_view:
            raise QueryFailed("GENERIC_USER_ERROR", f"line 1:1: {match['name']} is a table; use DROP TABLE")
        query.services.catalog.client.delete_table(DatabaseName=found.database, Name=found.name)
    query.done()


def _found(query: Query, name: str) -> GlueTable | None:
    wanted = names.table_name(name, query.database)
    return query.services.catalog.table(str(wanted.database), wanted.table)


def _purge(query: Query, table: GlueTable) -> None:
    bucket = split_uri(table.location)[0]
    keys = [split_uri(each.uri)[1] for each in query.services.objects.under(table.location + "/")]
    for start in range(0, len(keys), _AT_ONCE):
        listed = [{"Key": key} for key in keys[start : start + _AT_ONCE]]
        query.services.s3.delete_objects(Bucket=bucket, Delete={"Objects": listed, "Quiet": True})
