"""Hive's types, as the Glue catalog names them, and those of Arrow and of the engine.

``array<struct<a:int,b:decimal(10,2)>>`` and the like are read by a small recursive parser.
"""

from __future__ import annotations

import re

import pyarrow as pa

from cloudstage.athena.errors import QueryFailed

_SIMPLE: dict[str, pa.DataType] = {
    "bigint": pa.int64(),
    "binary": pa.binary(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "double": pa.float64(),
    "float": pa.float32(),
    "int": pa.int32(),
    "integer": pa.int32(),
    "long": pa.int64(),
    "real": pa.float32(),
    "smallint": pa.int16(),
    "string": pa.string(),
    "timestamp": pa.timestamp("ms"),
    "tinyint": pa.int8(),
}
_HIVE = {kind: name for name, kind in _SIMPLE.items() if name not in {"integer", "real", "long"}}
_TOKEN = re.compile(r"\s*([A-Za-z_0-9 ]+|[<>(),:]|`[^`]+`)")


def arrow_type(hive: str) -> pa.DataType:
    """The Arrow type of a Hive type; QueryFailed if it is none."""
    tokens = [token.strip() for token in _TOKEN.findall(hive)]
    try:
        kind = _parse(tokens)
    except (IndexError, KeyError, ValueError) as error:
        raise QueryFailed(
            "HIVE_INVALID_METADATA", f"Glue table has an unknown column type: {hive}"
        ) from error
    if tokens:
        raise QueryFailed("HIVE_INVALID_METADATA", f"Glue table has an unknown column type: {hive}")
    return kind


def _parse(tokens: list[str]) -> pa.DataType:
    name = tokens.pop(0).lower()
    if name == "array":
        _expect(tokens, "<")
        kind = pa.list_(_parse(tokens))
        _expect(tokens, ">")
        return kind
    if name == "map":
        _expect(tokens, "<")
        key = _parse(tokens)
        _expect(tokens, ",")
        kind = pa.map_(key, _parse(tokens))
        _expect(tokens, ">")
        return kind
    if name == "struct":
        return _parse_struct(tokens)
    arguments = _parse_arguments(tokens)
    if name == "decimal":
        return pa.decimal128(*(arguments or [10, 0]))
    return pa.string() if name in {"char", "varchar"} else _SIMPLE[name]


def _parse_struct(tokens: list[str]) -> pa.DataType:
    _expect(tokens, "<")
    fields = []
    while True:
        name = tokens.pop(0).strip("`")
        _expect(tokens, ":")
        fields.append(pa.field(name, _parse(tokens)))
        if tokens.pop(0) == ">":
            return pa.struct(fields)


def _parse_arguments(tokens: list[str]) -> list[int]:
    if not tokens or tokens[0] != "(":
        return []
    end = tokens.index(")")
    arguments = [int(each) for each in tokens[1:end] if each != ","]
    del tokens[: end + 1]
    return arguments


def _expect(tokens: list[str], token: str) -> None:
    if tokens.pop(0) != token:
        raise ValueError(token)


def hive_type(kind: pa.DataType) -> str:
    """The Hive type in which Athena stores an Arrow type; QueryFailed if it can't store it."""
    if kind in _HIVE:
        return _HIVE[kind]
    if pa.types.is_decimal(kind):
        return f"decimal({kind.precision},{kind.scale})"
    if pa.types.is_list(kind):
        return f"array<{hive_type(kind.value_type)}>"
    if pa.types.is_map(kind):
        return f"map<{hive_type(kind.key_type)},{hive_type(kind.item_type)}>"
    if pa.types.is_struct(kind):
        return "struct<" + ",".join(f"{field.name}:{hive_type(field.type)}" for field in kind) + ">"
    if pa.types.is_null(kind):
        raise QueryFailed("COLUMN_TYPE_UNKNOWN", "line 1:1: Column type is unknown at position 1")
    raise QueryFailed("NOT_SUPPORTED", f"Unsupported Hive type: {kind}")


def stored_type(kind: pa.DataType) -> pa.DataType:
    """What Athena stores for the engine's type: milliseconds."""
    if pa.types.is_timestamp(kind) and kind.tz is None:
        return pa.timestamp("ms")
    if pa.types.is_large_string(kind):
        return pa.string()
    if pa.types.is_list(kind):
        return pa.list_(stored_type(kind.value_type))
    if pa.types.is_map(kind):
        return pa.map_(stored_type(kind.key_type), stored_type(kind.item_type))
    if pa.types.is_struct(kind):
        return pa.struct([pa.field(field.name, stored_type(field.type)) for field in kind])
    return kind
