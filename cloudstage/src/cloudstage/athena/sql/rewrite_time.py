"""Dates and times."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from cloudstage.athena.errors import QueryFailed, not_supported
from cloudstage.athena.sql.calls import call, literal
from cloudstage.athena.sql.java_time import to_strftime


def _truncate(node: exp.Expr) -> exp.Expr:
    return call("trino_date_trunc", node.args["unit"].name.lower(), node.this)


def _add(node: exp.Expr) -> exp.Expr:
    unit = exp.Interval(this=exp.Literal.string("1"), unit=exp.var(node.args["unit"].name))
    span = exp.Mul(this=exp.Paren(this=node.expression.copy()), expression=unit)
    return call("trino_plus", node.this, span)


def _difference(node: exp.Expr) -> exp.Expr:
    return call("trino_date_diff", node.args["unit"].name.lower(), node.expression, node.this)


def _arithmetic(node: exp.Expr) -> exp.Expr:
    """``x + INTERVAL '1' DAY``: a date stays a date, a timestamp keeps its precision."""
    left, right = node.this, node.expression
    if _is_interval(left) and isinstance(node, exp.Add):
        left, right = right, left
    if not _is_interval(right):
        return node
    return call("trino_plus" if isinstance(node, exp.Add) else "trino_minus", left, right)


def _is_interval(node: exp.Expr) -> bool:
    if isinstance(node, exp.Paren | exp.Neg):
        return _is_interval(node.this)
    if isinstance(node, exp.Mul):
        return _is_interval(node.this) or _is_interval(node.expression)
    return isinstance(node, exp.Interval)


def _parse(node: exp.Expr) -> exp.Expr:
    return exp.Cast(this=node.copy(), to=exp.DataType(this=exp.DType.TIMESTAMP_MS))


def _extract(node: exp.Expr) -> exp.Expr:
    """Monday is 1 and Sunday is 7, not 0."""
    if node.name.upper() in {"DOW", "DAYOFWEEK", "DAY_OF_WEEK"}:
        return exp.Extract(this=exp.var("ISODOW"), expression=node.expression.copy())
    if node.name.upper() in {"YOW", "YEAR_OF_WEEK"}:
        return exp.Extract(this=exp.var("ISOYEAR"), expression=node.expression.copy())
    return node


def _at_time_zone(node: exp.Expr) -> exp.Expr:
    return call("at_timezone", node.this, node.args["zone"])


def _local_timestamp(node: exp.Expr) -> exp.Expr:
    return exp.Cast(this=node.copy(), to=exp.DataType(this=exp.DType.TIMESTAMP_MS))


def _format_datetime(node: exp.Expr) -> exp.Expr:
    return call("strftime", node.expressions[0], _java_pattern(node.expressions[1]))


def _parse_datetime(node: exp.Expr) -> exp.Expr:
    parsed = call("strptime", node.this, _java_pattern(node.args["format"]))
    return exp.Cast(this=parsed, to=exp.DataType(this=exp.DType.TIMESTAMPTZ))


def _java_pattern(node: exp.Expr) -> str:
    pattern = literal(node)
    if pattern is None:
        raise not_supported("A cloudstage takes only literal patterns of dates")
    try:
        return to_strftime(pattern)
    except ValueError as error:
        raise QueryFailed("INVALID_FUNCTION_ARGUMENT", f"A cloudstage does not know {error}") from error


REWRITES: dict[type[exp.Expr], Callable[[exp.Expr], exp.Expr]] = {
    exp.Add: _arithmetic,
    exp.AtTimeZone: _at_time_zone,
    exp.DateAdd: _add,
    exp.DateDiff: _difference,
    exp.DateTrunc: _truncate,
    exp.Extract: _extract,
    exp.Localtimestamp: _local_timestamp,
    exp.ParseDatetime: _parse_datetime,
    exp.StrToTime: _parse,
    exp.Sub: _arithmetic,
    exp.TimestampTrunc: _truncate,
}
FUNCTIONS = {"format_datetime": _format_datetime}
