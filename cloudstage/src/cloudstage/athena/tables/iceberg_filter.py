"""Conditions of a query that Iceberg can use to leave out files and rows.

Only comparisons of a column with a literal of its own type; whatever else a query asks is for the engine.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pyiceberg import expressions
from pyiceberg.expressions import AlwaysFalse, AlwaysTrue, And, BooleanExpression, Or
from pyiceberg.schema import Schema
from pyiceberg.types import (
    DateType,
    DoubleType,
    FloatType,
    IntegerType,
    LongType,
    PrimitiveType,
    StringType,
    TimestampType,
)
from sqlglot import exp

Value = str | int | float
_COMPARISONS: dict[type[exp.Expr], tuple[Callable[..., BooleanExpression], type[exp.Expr]]] = {
    # with the column on the left, and what it is with the column on the right
    exp.EQ: (expressions.EqualTo, exp.EQ),
    exp.GT: (expressions.GreaterThan, exp.LT),
    exp.GTE: (expressions.GreaterThanOrEqual, exp.LTE),
    exp.LT: (expressions.LessThan, exp.GT),
    exp.LTE: (expressions.LessThanOrEqual, exp.GTE),
}


def row_filter(conditions: Sequence[exp.Expr], schema: Schema) -> BooleanExpression:
    """What all rows that meet the conditions meet as well."""
    kept: BooleanExpression = AlwaysTrue()
    for condition in conditions:
        understood = _understood(condition, schema)
        if understood is not None:
            kept = And(kept, understood)
    return kept


def _understood(condition: exp.Expr, schema: Schema) -> BooleanExpression | None:
    if isinstance(condition, exp.Between):
        low = _compared(exp.GTE, condition.this, condition.args["low"], schema)
        high = _compared(exp.LTE, condition.this, condition.args["high"], schema)
        return And(low, high) if low is not None and high is not None else None
    if isinstance(condition, exp.In):
        return _listed(condition, schema)
    comparison = _COMPARISONS.get(type(condition))
    if comparison is None:
        return None
    if isinstance(condition.this, exp.Column):
        return _compared(type(condition), condition.this, condition.expression, schema)
    return _compared(comparison[1], condition.expression, condition.this, schema)


def _compared(
    kind: type[exp.Expr], column: exp.Expr, other: exp.Expr, schema: Schema
) -> BooleanExpression | None:
    value = _value(column, other, schema)
    return None if value is None else _COMPARISONS[kind][0](column.name.lower(), value)


def _listed(condition: exp.In, schema: Schema) -> BooleanExpression | None:
    values = [_value(condition.this, each, schema) for each in condition.expressions]
    if not values or None in values:
        return None
    name = condition.this.name.lower()
    listed: BooleanExpression = AlwaysFalse()
    for value in values:
        listed = Or(listed, _COMPARISONS[exp.EQ][0](name, value))
    return listed


def _value(column: exp.Expr, other: exp.Expr, schema: Schema) -> Value | None:
    """The literal, if it is one of the column's type."""
    if not isinstance(column, exp.Column):
        return None
    field = schema.find_field(column.name, case_sensitive=False)
    kind = field.field_type
    if isinstance(other, exp.Neg):
        value = _number(other.this, kind)
        return None if value is None else -value
    if isinstance(other, exp.Literal) and other.args.get("is_string"):
        return str(other.this) if isinstance(kind, StringType) else None
    return _number(other, kind) if isinstance(other, exp.Literal) else _moment(other, kind)


def _number(node: exp.Expr, kind: object) -> int | float | None:
    if not isinstance(node, exp.Literal) or node.args.get("is_string"):
        return None
    if isinstance(kind, IntegerType | LongType) and str(node.this).isdigit():
        return int(node.this)
    return float(node.this) if isinstance(kind, DoubleType | FloatType) else None


def _moment(node: exp.Expr, kind: PrimitiveType | object) -> str | None:
    """``DATE '…'`` and ``TIMESTAMP '…'`` without a zone, as pyiceberg reads them."""
    if not isinstance(node, exp.Cast) or not isinstance(node.this, exp.Literal):
        return None
    text = str(node.this.this).strip()
    target = node.args["to"].this
    if target == exp.DType.DATE and isinstance(kind, DateType):
        return text
    if target == exp.DType.DATE and isinstance(kind, TimestampType):
        return f"{text}T00:00:00"
    if (
        target == exp.DType.TIMESTAMP
        and isinstance(kind, TimestampType)
        and len(text) >= len("2024-01-01 00:00:00")
    ):
        return text.replace(" ", "T", 1)
    return None
