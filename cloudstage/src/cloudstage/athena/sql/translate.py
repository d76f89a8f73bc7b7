"""Trino's SQL in the engine's words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlglot import exp

from cloudstage.athena.sql.naming import UNNAMED, name_columns
from cloudstage.athena.sql.readings import readings
from cloudstage.athena.sql.rewrites import rewrite


@dataclass(frozen=True)
class Translation:
    """A query for the engine. ``names`` are those of its columns if they are known before it is planned."""

    sql: str
    names: list[str | None] | None

    def column_names(self, engine_names: Sequence[str]) -> list[str | None]:
        """The names of the result's columns from what the engine calls them; None where there is none."""
        if self.names is not None:
            return self.names
        return [None if name.startswith(UNNAMED) else name for name in engine_names]


def translations(tree: exp.Expr) -> Iterator[Translation]:
    """The engine's SQL for a bound tree in every way it may be meant, the likeliest first."""
    for reading in readings(tree):
        attempt = tree.copy()
        names = name_columns(attempt)
        yield Translation(rewrite(attempt, reading).sql(dialect="duckdb"), names)
