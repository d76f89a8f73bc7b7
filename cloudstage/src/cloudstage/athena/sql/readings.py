"""Expressions that mean another thing for another type, which only the engine knows.

``cardinality(x)`` and ``UNNEST(x) AS t(a, b)`` take arrays as well as maps, and an array of rows gives a
column for each field. So a query that has one of them is read one way after the other, until the engine
agrees with the types.
"""

from __future__ import annotations

import enum

from sqlglot import exp

from cloudstage.athena.sql.calls import call


class Reading(enum.Enum):
    """What is taken for an array, a map or an array of rows."""

    ARRAYS = enum.auto()
    MAPS = enum.auto()
    ROWS = enum.auto()


def readings(tree: exp.Expr) -> list[Reading]:
    """The ways to read a query, the likeliest first."""
    if tree.find(exp.ArraySize) or any(_columns(each) > 1 for each in tree.find_all(exp.Unnest)):
        return list(Reading)
    return [Reading.ARRAYS]


def read_size(node: exp.Expr, reading: Reading) -> exp.Expr:
    """``cardinality`` of an array or a map."""
    is_map = reading is Reading.MAPS or isinstance(node.this, exp.Map | exp.VarMap)
    return call("cardinality" if is_map else "len", node.this)


def read_unnest(node: exp.Expr, reading: Reading) -> exp.Expr:
    """``UNNEST`` of something else than one array with one column."""
    if not isinstance(node, exp.Unnest) or _plain(node):
        return node
    if len(node.expressions) > 1 or reading is Reading.ARRAYS:
        columns: list[exp.Expr] = [call("unnest", each) for each in node.expressions]
        query = exp.select(*columns)
        length: exp.Expr = call("greatest", *(call("len", each) for each in node.expressions))
    elif reading is Reading.MAPS:
        parts = [call(name, node.expressions[0]) for name in ("map_keys", "map_values")]
        query = exp.select(*(call("unnest", part) for part in parts))
        length = call("len", parts[0])
    else:
        rows = exp.select(exp.alias_(call("unnest", node.expressions[0]), "item")).subquery("items")
        fields = range(1, _columns(node) + 1)
        query = exp.select(
            *(call("struct_extract_at", exp.column("item"), exp.Literal.number(field)) for field in fields)
        ).from_(rows)
        length = call("len", node.expressions[0])
    return _lateral(node, query, length)


def _plain(node: exp.Unnest) -> bool:
    return len(node.expressions) == 1 and _columns(node) < 2 and not node.args.get("offset")


def _columns(node: exp.Unnest) -> int:
    """How many columns the query names, that of WITH ORDINALITY not among them."""
    alias = node.args.get("alias")
    return len(alias.columns) if alias else 0


def _lateral(node: exp.Unnest, query: exp.Select, length: exp.Expr) -> exp.Expr:
    alias = node.args.get("alias") or exp.TableAlias(this=exp.to_identifier("unnested"))
    alias = alias.copy()
    offset = node.args.get("offset")
    if offset:
        following = exp.Add(this=length, expression=exp.Literal.number(1))
        query = query.select(call("unnest", call("range", exp.Literal.number(1), following)))
        name = offset.copy() if isinstance(offset, exp.Identifier) else exp.to_identifier("ordinality")
        alias.append("columns", name)
    return exp.Lateral(this=exp.Subquery(this=query), alias=alias)
