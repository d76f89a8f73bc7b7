"""The engine's dialect with what Athena does otherwise."""

from __future__ import annotations

from sqlglot.dialects.duckdb import DuckDB


class Engine(DuckDB):
    """DuckDB's SQL."""
