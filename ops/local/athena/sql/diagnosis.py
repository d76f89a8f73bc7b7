"""The engine's errors as Athena would put them."""

from __future__ import annotations

import re

import duckdb
from sqlglot import exp

from ops.local.athena.errors import QueryFailed
from ops.local.athena.sql import parsing

_COLUMN = re.compile(r'(?:Referenced column|column named|Table ".*?" does not have a column named) "(.*?)"')
# What the SQL that reads files raises by itself.
_OWN = re.compile(r"Invalid Input Error: (HIVE_BAD_DATA): (.*)")
_QUALIFIED = re.compile(r'Referenced table "(.*?)" not found')


def explain(error: duckdb.Error, sql: str, tree: exp.Expr | None) -> QueryFailed:
    """Why the engine refused ``tree``, which was parsed from ``sql``."""
    text = str(error)
    if isinstance(error, duckdb.BinderException):
        column = _COLUMN.search(text)
        if column:
            return _unknown_column(column.group(1), sql, tree)
    raised = _OWN.search(text)
    if raised:
        return QueryFailed(raised.group(1), raised.group(2))
    return QueryFailed("GENERIC_USER_ERROR", text.split("\n\nLINE ", maxsplit=1)[0])


def _unknown_column(name: str, sql: str, tree: exp.Expr | None) -> QueryFailed:
    where = "line 1:1"
    for column in tree.find_all(exp.Column) if tree else []:
        if column.name.lower() == name.lower():
            where = parsing.position(sql, column)
            break
    return QueryFailed(
        "COLUMN_NOT_FOUND",
        f"{where}: Column '{name}' cannot be resolved "
        "or requester is not authorized to access requested resources",
    )
