"""The engine's SQL that makes a value of a Hive type from its text in a file."""

from __future__ import annotations

import pyarrow as pa

from cloudstage.athena.errors import not_supported
from cloudstage.athena.tables.catalog import GlueColumn
from cloudstage.athena.tables.hive_types import arrow_type

_NAMES = {
    pa.bool_(): "BOOLEAN",
    pa.date32(): "DATE",
    pa.float32(): "FLOAT",
    pa.float64(): "DOUBLE",
    pa.int8(): "TINYINT",
    pa.int16(): "SMALLINT",
    pa.int32(): "INTEGER",
    pa.int64(): "BIGINT",
    pa.string(): "VARCHAR",
    pa.binary(): "BLOB",
    pa.timestamp("ms"): "TIMESTAMP_MS",
    pa.timestamp("us"): "TIMESTAMP",
}


def engine_type(kind: pa.DataType) -> str:
    """The engine's name of an Arrow type."""
    if pa.types.is_decimal(kind):
        return f"DECIMAL({kind.precision},{kind.scale})"
    if pa.types.is_list(kind):
        return f"{engine_type(kind.value_type)}[]"
    if pa.types.is_map(kind):
        return f"MAP({engine_type(kind.key_type)}, {engine_type(kind.item_type)})"
    if pa.types.is_struct(kind):
        return "STRUCT(" + ", ".join(f'"{field.name}" {engine_type(field.type)}' for field in kind) + ")"
    return _NAMES[kind]


def conversion(column: GlueColumn, position: int, *, json: bool, lenient: bool) -> str:
    """The engine's SQL for a column whose values are text.

    Text that is no value of the type is null if ``lenient``; otherwise the query fails, as Athena's does.
    """
    kind = arrow_type(column.type)
    name = f'"{column.name}"'
    if pa.types.is_string(kind):
        return name
    if pa.types.is_binary(kind):
        return f"from_base64({name}) AS {name}"
    if pa.types.is_nested(kind) and not json:
        raise not_supported(
            f"Column {column.name} is {column.type}, which can't be read here from this format"
        )
    source = f"{name}::JSON" if json and pa.types.is_nested(kind) else name
    value = f"TRY_CAST({source} AS {engine_type(kind)})"
    if lenient:
        return f"{value} AS {name}"
    message = f"'HIVE_BAD_DATA: Error parsing field value ''' || {name} || ''' for field {position}'"
    return (
        f"CASE WHEN {name} IS NOT NULL AND {value} IS NULL THEN error({message}) ELSE {value} END AS {name}"
    )
