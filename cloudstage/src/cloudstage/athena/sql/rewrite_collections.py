"""Arrays, maps, and the functions that take a lambda."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from cloudstage.athena.errors import not_supported
from cloudstage.athena.sql.calls import call


def _sequence(node: exp.Expr) -> exp.Expr:
    step = node.args.get("step")
    return call("trino_sequence", node.args["start"], node.args["end"], *([step] if step else []))


def _array_sort(node: exp.Expr) -> exp.Expr:
    if node.args.get("expression"):
        raise not_supported("A cloudstage can't run array_sort with a comparator")
    return node


def _reduce(node: exp.Expr) -> exp.Expr:
    """``reduce(items, start, merge, finish)``; the engine has no finish."""
    finish = node.args.get("finish")
    if finish is None:
        return node
    plain = node.copy()
    plain.set("finish", None)
    return _applied(finish, plain)


def _slice(node: exp.Expr) -> exp.Expr:
    """``slice(items, start, length)``; the engine takes the last position instead of the length."""
    start, length = node.args["start"], node.args["end"]
    behind = exp.Add(this=start.copy(), expression=length.copy())
    last = exp.Sub(this=behind, expression=exp.Literal.number(1))
    return call("list_slice", node.this, start, last)


def _approximate_quantile(node: exp.Expr) -> exp.Expr:
    """The engine takes the share as a 4-byte number only."""
    if node.args.get("weight"):
        raise not_supported("A cloudstage can't run approx_percentile with weights")
    share = node.args["quantile"]
    kind = "FLOAT[]" if isinstance(share, exp.Array) else "FLOAT"
    node.set("quantile", exp.Cast(this=share.copy(), to=exp.DataType.build(kind, dialect="duckdb")))
    return node


def _repeat(node: exp.Expr) -> exp.Expr:
    return call("trino_repeat", node.this, node.args["times"])


def _position(node: exp.Expr) -> exp.Expr:
    return call("trino_array_position", node.this, node.expression)


def _intersect(node: exp.Expr) -> exp.Expr:
    return call("trino_array_intersect", *node.expressions)


def _any_match(node: exp.Expr) -> exp.Expr:
    return exp.GT(this=_matching(node), expression=exp.Literal.number(0))


def _none_match(node: exp.Expr) -> exp.Expr:
    return exp.EQ(this=_matching(node), expression=exp.Literal.number(0))


def _all_match(node: exp.Expr) -> exp.Expr:
    return exp.EQ(this=_matching(node), expression=call("len", node.expressions[0]))


def _matching(node: exp.Expr) -> exp.Expr:
    return call("len", call("list_filter", *node.expressions))


def _zip_with(node: exp.Expr) -> exp.Expr:
    first, second, merge = node.expressions
    pairs = call("list_zip", first, second)
    return call("list_transform", pairs, _of_struct(merge, 1, 2))


def _map_filter(node: exp.Expr) -> exp.Expr:
    kept = call("list_filter", _entries(node), _of_struct(node.expressions[1], 1, 2))
    return call("map_from_entries", kept)


def _transform_values(node: exp.Expr) -> exp.Expr:
    change = _of_struct(node.expressions[1], 1, 2)
    change.set("this", _entry(_field(1), change.this))
    return call("map_from_entries", call("list_transform", _entries(node), change))


def _transform_keys(node: exp.Expr) -> exp.Expr:
    change = _of_struct(node.expressions[1], 1, 2)
    change.set("this", _entry(change.this, _field(2)))
    return call("map_from_entries", call("list_transform", _entries(node), change))


def _map_agg(node: exp.Expr) -> exp.Expr:
    return call("map_from_entries", call("list", _entry(*node.expressions)))


def _every(node: exp.Expr) -> exp.Expr:
    return call("bool_and", *node.expressions)


def _to_base(node: exp.Expr) -> exp.Expr:
    return call("trino_to_base", *node.expressions)


def _filter(node: exp.Expr) -> exp.Expr:
    """``map_agg(…) FILTER (…)``: the filter belongs to the aggregation inside."""
    outer = node.this
    if isinstance(outer, exp.Anonymous) and outer.name == "map_from_entries":
        aggregation = outer.expressions[0]
        aggregation.replace(exp.Filter(this=aggregation.copy(), expression=node.expression.copy()))
        return outer
    return node


_ITEM = "__item"


def _entries(node: exp.Expr) -> exp.Expr:
    return call("map_entries", node.expressions[0])


def _field(number: int) -> exp.Expr:
    return call("struct_extract_at", exp.column(_ITEM), exp.Literal.number(number))


def _entry(key: exp.Expr, value: exp.Expr) -> exp.Expr:
    pairs = [
        exp.PropertyEQ(this=exp.to_identifier(name), expression=each.copy())
        for name, each in (("key", key), ("value", value))
    ]
    return exp.Struct(expressions=pairs)


def _of_struct(function: exp.Expr, *fields: int) -> exp.Lambda:
    """A lambda of several parameters as one of a struct with these fields."""
    body = function.this.copy()
    for parameter, field in zip(function.expressions, fields, strict=True):
        body = _replaced(body, parameter.name, _field(field))
    return exp.Lambda(this=body, expressions=[exp.to_identifier(_ITEM)])


def _applied(function: exp.Expr, argument: exp.Expr) -> exp.Expr:
    """The body of a lambda of one parameter with an argument in its place."""
    return _replaced(function.this.copy(), function.expressions[0].name, argument)


def _replaced(body: exp.Expr, name: str, value: exp.Expr) -> exp.Expr:
    wrapped = exp.Paren(this=body)
    for identifier in list(wrapped.find_all(exp.Identifier)):
        parent = identifier.parent
        if identifier.name != name:
            continue
        if isinstance(parent, exp.Column) and parent.this is identifier and not parent.table:
            parent.replace(value.copy())
        elif not isinstance(parent, exp.Column | exp.Dot | exp.PropertyEQ):
            identifier.replace(value.copy())
    return wrapped


REWRITES: dict[type[exp.Expr], Callable[[exp.Expr], exp.Expr]] = {
    exp.ApproxQuantile: _approximate_quantile,
    exp.ArraySlice: _slice,
    exp.ArrayIntersect: _intersect,
    exp.ArrayPosition: _position,
    exp.ArraySort: _array_sort,
    exp.Filter: _filter,
    exp.GenerateSeries: _sequence,
    exp.Reduce: _reduce,
    exp.Repeat: _repeat,
}
FUNCTIONS = {
    "all_match": _all_match,
    "any_match": _any_match,
    "every": _every,
    "map_agg": _map_agg,
    "map_filter": _map_filter,
    "none_match": _none_match,
    "to_base": _to_base,
    "transform_keys": _transform_keys,
    "transform_values": _transform_values,
    "zip_with": _zip_with,
}
