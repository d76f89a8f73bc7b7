"""ALTER TABLE ADD / DROP PARTITION and MSCK REPAIR TABLE: Hive partitions in the catalog."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

from cloudstage.athena.errors import QueryFailed, not_supported
from cloudstage.athena.query import Query
from cloudstage.athena.results.columns import text_column
from cloudstage.athena.sql import names
from cloudstage.athena.tables.catalog import GlueTable

_PARTITION = re.compile(
    r"\s*partition\s*\((?P<values>[^)]*)\)(?:\s*location\s+'(?P<location>[^']+)')?", re.IGNORECASE
)
_VALUE = re.compile(r"\s*`?(\w+)`?\s*=\s*(?:'([^']*)'|\"([^\"]*)\"|([^\s,]+))\s*(?:,|$)")


def alter(query: Query) -> None:
    """ALTER TABLE with ADD or DROP PARTITION."""
    match = re.fullmatch(
        rf"alter\s+table\s+{names.NAME}\s+(?P<what>add|drop)\s+(?P<lenient>if\s+(?:not\s+)?exists\s+)?"
        r"(?P<partitions>partition\b.*)",
        query.statement.body,
        re.IGNORECASE | re.DOTALL,
    )
    if match is None:
        raise not_supported("A cloudstage runs ALTER TABLE only with ADD PARTITION and DROP PARTITION")
    table = query.table(match["name"])
    lenient = bool(match["lenient"])
    change = _add if match["what"].lower() == "add" else _drop
    for partition in _PARTITION.finditer(match["partitions"]):
        values = _values(table, partition["values"])
        change(query, table, values, partition["location"], lenient=lenient)
    query.done()


def repair(query: Query) -> None:
    """MSCK REPAIR TABLE: a partition for each directory ``key=value/…`` that is not one yet."""
    match = names.matched(rf"msck repair table {names.NAME}", query.statement.body)
    table = query.table(match["name"])
    known = {tuple(each["Values"]) for each in query.services.catalog.partitions(table)}
    prefix = table.location + "/"
    directory = re.compile("".join(rf"{re.escape(key.name)}=([^/]+)/" for key in table.partition_columns))
    found: dict[tuple[str, ...], str] = {}
    for stored in query.services.objects.under(prefix):
        place = directory.match(stored.uri.removeprefix(prefix))
        if place and table.partition_columns:
            values = tuple(unquote(value) for value in place.groups())
            found[values] = prefix + place.group().rstrip("/")
    new = {values: location for values, location in found.items() if values not in known}
    for values, location in new.items():
        _create(query, table, list(values), location)
    query.answer(
        [text_column("result")],
        [f"Repair: Added partition to metastore {table.name}:{'/'.join(v)}" for v in new],
    )


def _values(table: GlueTable, text: str) -> list[str]:
    given = {match[1].lower(): match[2] or match[3] or match[4] or "" for match in _VALUE.finditer(text)}
    keys = [column.name for column in table.partition_columns]
    if set(given) != set(keys):
        raise QueryFailed(
            "",
            f"FAILED: SemanticException Partition spec {given} does not match the keys {keys} of {table.name}",
        )
    return [given[key] for key in keys]


def _add(query: Query, table: GlueTable, values: list[str], location: str | None, *, lenient: bool) -> None:
    known = [each["Values"] for each in query.services.catalog.partitions(table)]
    if values in known:
        if lenient:
            return
        raise QueryFailed("", f"FAILED: AlreadyExistsException: Partition already exists: {values}")
    keys = [column.name for column in table.partition_columns]
    path = "/".join(f"{key}={value}" for key, value in zip(keys, values, strict=True))
    _create(query, table, values, (location or f"{table.location}/{path}").rstrip("/"))


def _drop(query: Query, table: GlueTable, values: list[str], location: str | None, *, lenient: bool) -> None:
    del location
    known = [each["Values"] for each in query.services.catalog.partitions(table)]
    if values in known:
        query.services.catalog.client.delete_partition(
            DatabaseName=table.database, TableName=table.name, PartitionValues=values
        )
    elif not lenient:
        raise QueryFailed("", f"FAILED: SemanticException [Error 10006]: Partition not found {values}")


def _create(query: Query, table: GlueTable, values: list[str], location: str) -> None:
    storage: dict[str, Any] = {**table.storage, "Location": location}
    query.services.catalog.client.create_partition(
        DatabaseName=table.database,
        TableName=table.name,
        PartitionInput={"Values": values, "StorageDescriptor": storage},
    )
