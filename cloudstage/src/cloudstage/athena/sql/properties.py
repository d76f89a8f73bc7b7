"""The WITH (…) of CREATE TABLE AS and UNLOAD."""

from __future__ import annotations

from collections.abc import Iterable

from sqlglot import exp

from cloudstage.athena.errors import InvalidRequest

Value = str | list[str]


def read(properties: Iterable[exp.Expr]) -> dict[str, Value]:
    """Properties by their names in lower case; a list for ARRAY[…], text for everything else."""
    found: dict[str, Value] = {}
    for each in properties:
        if isinstance(each, exp.FileFormatProperty):
            found["format"] = _value(each.this)
        elif isinstance(each, exp.PartitionedByProperty):
            found["partitioned_by"] = _value(each.this)
        elif isinstance(each, exp.LocationProperty):
            found["location"] = _value(each.this)
        elif isinstance(each, exp.Property):
            found[each.name.lower()] = _value(each.args["value"])
    return found


def text(properties: dict[str, Value], name: str, default: str = "") -> str:
    """A property that must be text."""
    value = properties.get(name, default)
    if isinstance(value, list):
        raise InvalidRequest(f"The property {name} takes a single value")
    return value


def names(properties: dict[str, Value], name: str) -> list[str]:
    """A property that is a list of names, in lower case."""
    value = properties.get(name, [])
    return [each.lower() for each in ([value] if isinstance(value, str) else value)]


def _value(node: exp.Expr) -> Value:
    if isinstance(node, exp.Array | exp.Tuple | exp.Schema):
        return [each.name for each in node.expressions]
    return str(node.name or node.this)
