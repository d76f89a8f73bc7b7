"""CREATE TABLE … WITH (table_type = 'ICEBERG') AS SELECT: a table and its rows in one commit."""

from __future__ import annotations

import re

import pyarrow as pa

from cloudstage.athena.errors import QueryFailed
from cloudstage.athena.query import Query
from cloudstage.athena.sql import properties
from cloudstage.athena.tables import iceberg_writes

# month(at), bucket(id, 16), truncate(name, 4) or a column
_FIELD = re.compile(r"(?:(?P<transform>\w+)\((?P<argument>\w+)(?:,\s*(?P<size>\d+))?\)|(?P<column>\w+))")


def create(
    query: Query, name: iceberg_writes.Name, rows: pa.Table, settings: dict[str, properties.Value]
) -> None:
    """Make the table where its properties say, and fill it."""
    location = properties.text(settings, "location")
    if not location:
        raise QueryFailed("INVALID_TABLE_PROPERTY", "The property location is required for an Iceberg table")
    fields = [_field(text) for text in properties.names(settings, "partitioning")]
    stored = rows.cast(pa.schema([_stored(field) for field in rows.schema]))
    table = iceberg_writes.NewTable(name, stored.schema, fields, location.rstrip("/"))
    iceberg_writes.create(query.services.iceberg, table, stored)


def _field(text: str) -> tuple[str, str]:
    match = _FIELD.fullmatch(text.strip())
    if match is None:
        raise QueryFailed("INVALID_TABLE_PROPERTY", f"Unable to parse partitioning value: {text}")
    if match["column"]:
        return match["column"], "identity"
    size = f"[{match['size']}]" if match["size"] else ""
    return match["argument"], match["transform"].lower() + size


def _stored(field: pa.Field) -> pa.Field:
    """Iceberg keeps microseconds; it has no integers of less than four bytes."""
    if pa.types.is_timestamp(field.type):
        return field.with_type(pa.timestamp("us", field.type.tz))
    if pa.types.is_int8(field.type) or pa.types.is_int16(field.type):
        return field.with_type(pa.int32())
    return field
