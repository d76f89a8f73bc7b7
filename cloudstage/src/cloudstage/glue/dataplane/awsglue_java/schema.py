"""A frame's schema, as ``awsglue`` reads it (JSON) and as a person does."""

from __future__ import annotations

import json
from typing import Any

from pyspark.sql.types import ArrayType, DataType, DecimalType, MapType, StructType

# Spark's names that AWS Glue's types do not have.
_NAMES = {"bigint": "long", "integer": "int", "smallint": "short", "tinyint": "byte", "void": "null"}
_SPARKS_NAMES = {"long": "bigint", "integer": "int", "short": "smallint", "byte": "tinyint"}
_NO_CAST = ("array", "choice", "map", "null", "set", "struct")


class Schema:
    """The schema of a frame."""

    def __init__(self, kind: StructType) -> None:
        self._kind = kind

    def toString(self) -> str:  # noqa: N802
        """The JSON of which ``awsglue`` makes its own types."""
        return json.dumps(_described(self._kind))

    def treeString(self) -> str:  # noqa: N802
        """A line per field."""
        return "\n".join(["root", *_lines(self._kind, "|-- ")])


def spark_type(glue_type: str) -> str | None:
    """Spark's name of a type in a mapping; None for one that is kept as it is."""
    name = glue_type.strip().lower()
    return None if name in _NO_CAST else _SPARKS_NAMES.get(name, name)


def _name(kind: DataType) -> str:
    name = kind.typeName()
    return _NAMES.get(name, name)


def _described(kind: DataType) -> dict[str, Any]:
    described: dict[str, Any] = {"dataType": _name(kind), "properties": {}}
    if isinstance(kind, StructType):
        described["fields"] = [
            {"name": each.name, "container": _described(each.dataType), "properties": {}} for each in kind
        ]
    elif isinstance(kind, ArrayType):
        described["elementType"] = _described(kind.elementType)
    elif isinstance(kind, MapType):
        described["valueType"] = _described(kind.valueType)
    elif isinstance(kind, DecimalType):
        described |= {"precision": kind.precision, "scale": kind.scale}
    return described


def _lines(kind: DataType, before: str) -> list[str]:
    inner = "|    " + before
    if isinstance(kind, StructType):
        lines = []
        for each in kind:
            lines += [f"{before}{each.name}: {_name(each.dataType)}", *_lines(each.dataType, inner)]
        return lines
    if isinstance(kind, ArrayType):
        return [f"{before}element: {_name(kind.elementType)}", *_lines(kind.elementType, inner)]
    if isinstance(kind, MapType):
        return [
            f"{before}keyType: {_name(kind.keyType)}",
            f"{before}valueType: {_name(kind.valueType)}",
            *_lines(kind.valueType, inner),
        ]
    return []
