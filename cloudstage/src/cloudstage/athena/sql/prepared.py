"""Prepared statements and the values for their ``?``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import sqlglot
from moto.athena.models import AthenaBackend
from sqlglot import exp
from sqlglot.errors import SqlglotError

from cloudstage.athena.errors import InvalidRequest, QueryFailed
from cloudstage.athena.sql.parsing import DIALECT, parse
from cloudstage.athena.sql.statement import Statement, classify

_EXECUTE = re.compile(r"execute\s+(?P<name>\w+)(?:\s+using\s+(?P<values>.+))?", re.IGNORECASE | re.DOTALL)


def resolved(
    backend: AthenaBackend, workgroup: str, statement: Statement
) -> tuple[Statement, list[str] | None]:
    """The statement that EXECUTE means and the values it gives; any other statement as it is."""
    if statement.subtype != "EXECUTE":
        return statement, None
    match = _EXECUTE.fullmatch(statement.body)
    if match is None:
        raise InvalidRequest("line 1:1: mismatched input. Expecting: EXECUTE name USING …", "MALFORMED_QUERY")
    found: Any = backend.prepared_statements.get(match["name"])
    if found is None or found.workgroup != workgroup:
        raise InvalidRequest(f"PreparedStatement {match['name']} was not found in workGroup {workgroup}")
    values = parse(f"SELECT {match['values']}").expressions if match["values"] else []
    return classify(found.query_statement), [value.sql(dialect=DIALECT) for value in values]


def bind(tree: exp.Expr, values: Sequence[str]) -> exp.Expr:
    """The tree with a value for each ``?``; without any ``?`` values are of no use, and no error."""
    places = [node for node in tree.dfs() if isinstance(node, exp.Placeholder)]
    if places and len(places) != len(values):
        raise QueryFailed(
            "INVALID_PARAMETER_USAGE",
            f"line 1:1: Incorrect number of parameters: expected {len(places)} but found {len(values)}",
        )
    for place, value in zip(places, values, strict=False):
        place.replace(_value(value))
    return tree


def _value(text: str) -> exp.Expr:
    """Athena takes a value for an expression if it is one without names of columns, else for text."""
    try:
        value = sqlglot.parse_one(f"SELECT {text}", read=DIALECT).expressions[0]
    except (SqlglotError, IndexError):
        return exp.Literal.string(text)
    if value.find(exp.Column, exp.Star, exp.Alias):
        return exp.Literal.string(text)
    return exp.Paren(this=value)
