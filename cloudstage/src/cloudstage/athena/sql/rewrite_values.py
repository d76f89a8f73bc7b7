"""Literals, types and operators."""

from __future__ import annotations

import re
from collections.abc import Callable

from sqlglot import exp

from cloudstage.athena.sql.calls import call

_TIMESTAMPS = {exp.DType.TIMESTAMP, exp.DType.TIMESTAMPNTZ, exp.DType.DATETIME}
_TEXT = {exp.DType.VARCHAR, exp.DType.CHAR, exp.DType.TEXT, exp.DType.NVARCHAR, exp.DType.NCHAR}


def _literal(node: exp.Expr) -> exp.Expr:
    """``1.5`` is a double to Athena (and to no other Trino)."""
    text = str(node.this)
    if node.args.get("is_string") or "." not in text or "e" in text.lower():
        return node
    return exp.Literal.number(f"{text}e0")


def _comparison(node: exp.Expr) -> exp.Expr:
    """Text stays text: the engine would take ``observed_at > '2024-01-01'``, Athena does not."""
    for operand in list(node.args.values()):
        for each in operand if isinstance(operand, list) else [operand]:
            if isinstance(each, exp.Literal) and each.args.get("is_string"):
                each.replace(exp.Cast(this=each.copy(), to=exp.DataType.build("VARCHAR", dialect="duckdb")))
    return node


def _equality(node: exp.Expr) -> exp.Expr:
    """The engine checks the types of ``>`` but not those of ``=`` and ``IN``.

    So a ``>`` that is never made goes with them: the engine checks its types and then drops it.
    """
    _comparison(node)
    value = node.expressions[0] if node.expressions else node.args.get("expression")
    if value is None or node.find(exp.Query, exp.Tuple):
        return node
    unmade = exp.GT(this=node.this.copy(), expression=value.copy())
    never = exp.Case(ifs=[exp.If(this=exp.false(), true=unmade)])
    return exp.Paren(this=exp.And(this=node.copy(), expression=exp.Is(this=never, expression=exp.Null())))


def _data_type(node: exp.Expr) -> exp.Expr:
    """The precision of a timestamp is the engine's type; without one it is 3."""
    if node.this not in _TIMESTAMPS:
        return node
    precision = int(node.expressions[0].name) if node.expressions else 3
    kind = exp.DType.TIMESTAMP_S if precision == 0 else exp.DType.TIMESTAMP_MS
    return exp.DataType(this=exp.DType.TIMESTAMP if precision > 3 else kind)


def _cast(node: exp.Expr) -> exp.Expr:
    kind = node.args["to"]
    text: exp.Expr
    if kind.this == exp.DType.DECIMAL and not kind.expressions:
        return exp.Cast(this=node.this.copy(), to=exp.DataType.build(_decimal(node.this), dialect="duckdb"))
    if kind.this not in _TEXT:
        return node
    if isinstance(node.this, exp.Literal) and node.this.args.get("is_string"):
        text = exp.Cast(this=node.this.copy(), to=exp.DataType.build("VARCHAR", dialect="duckdb"))
    else:
        text = call("trino_varchar", node.this)
    return call("left", text, exp.Literal.number(kind.expressions[0].name)) if kind.expressions else text


def _decimal(value: exp.Expr) -> str:
    """The type of ``DECIMAL '1.50'``: as many digits as are written; of ``CAST(x AS DECIMAL)``: 38."""
    match = re.fullmatch(r"[+-]?(\d*)\.?(\d*)", value.name if isinstance(value, exp.Literal) else "")
    if not match or not (match.group(1) or match.group(2)):
        return "DECIMAL(38,0)"
    whole, fraction = match.group(1).lstrip("0"), match.group(2)
    return f"DECIMAL({max(1, len(whole) + len(fraction))},{len(fraction)})"


def _divide(node: exp.Expr) -> exp.Expr:
    return call("trino_divide", node.this, node.expression)


REWRITES: dict[type[exp.Expr], Callable[[exp.Expr], exp.Expr]] = {
    exp.Literal: _literal,
    exp.DataType: _data_type,
    exp.Cast: _cast,
    exp.Div: _divide,
    **dict.fromkeys((exp.EQ, exp.NEQ, exp.In), _equality),
    **dict.fromkeys((exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between), _comparison),
}
