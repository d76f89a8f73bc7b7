"""Trino's SQL in the engine's words."""

from __future__ import annotations

from sqlglot import exp
from sqlglot.dialects.duckdb import DuckDB

UNNAMED = "__unnamed_"


class _Engine(DuckDB):
    """DuckDB with what Athena does otherwise."""


def to_engine(tree: exp.Expr) -> str:
    """The engine's SQL for a bound tree."""
    return tree.sql(dialect=_Engine)
