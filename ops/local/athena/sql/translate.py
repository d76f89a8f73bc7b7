"""Trino's SQL in the engine's words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from ops.local.athena.sql.dialect import Engine

_UNNAMED = "__unnamed_"


@dataclass(frozen=True)
class Translation:
    """A query for the engine. ``names`` are those of its columns if they are known before it is planned."""

    sql: str
    names: list[str | None] | None

    def column_names(self, engine_names: Sequence[str]) -> list[str | None]:
        """The names of the result's columns from what the engine calls them; None where there is none."""
        if self.names is not None:
            return self.names
        return [None if name.startswith(_UNNAMED) else name for name in engine_names]


def to_engine(tree: exp.Expr) -> Translation:
    """The engine's SQL for a bound tree, which is changed."""
    names: list[str | None] | None = None
    for number, select in enumerate(list(tree.find_all(exp.Select))):
        _name_columns(select, number)
        hidden = _hide_names(select, tree)
        names = hidden if select is tree else names
    if isinstance(tree, exp.Values):
        names = [None] * len(tree.expressions[0].expressions or [tree.expressions[0]])
    return Translation(tree.sql(dialect=Engine), names)


def _name_columns(select: exp.Select, number: int) -> None:
    """Name what the engine would name after the expression, and keep names as they are written."""
    for index, projection in enumerate(select.expressions):
        if isinstance(projection, exp.Alias | exp.Aliases) or projection.is_star:
            continue
        if isinstance(projection, exp.Column | exp.Dot):
            name = projection.name
        else:
            name = f"{_UNNAMED}{number}_{index}"
        projection.replace(exp.alias_(projection.copy(), name, quoted=True))


def _hide_names(select: exp.Select, tree: exp.Expr) -> list[str | None] | None:
    """Take away the names of columns within their own query; give what they are outside, if known.

    The engine lets WHERE, GROUP BY and the other columns use them. Trino and Athena don't: such a query
    must fail here too. ORDER BY may use them.
    """
    outside = _outside_alias(select)
    if any(projection.is_star or not isinstance(projection, exp.Alias) for projection in select.expressions):
        return None
    if select is not tree and outside is None:
        return None
    names = [projection.alias for projection in select.expressions]
    hidden: dict[str, str] = {}
    for index, projection in enumerate(select.expressions):
        hidden.setdefault(projection.alias.lower(), f"__column_{index}")
        projection.set("alias", exp.to_identifier(f"__column_{index}", quoted=True))
    order = select.args.get("order")
    for column in list(order.find_all(exp.Column)) if order else []:
        if not column.table and column.name.lower() in hidden:
            column.set("this", exp.to_identifier(hidden[column.name.lower()], quoted=True))
    if outside is not None:
        outside.set("columns", [exp.to_identifier(name, quoted=True) for name in names])
    return [None if name.startswith(_UNNAMED) else name for name in names]


def _outside_alias(select: exp.Select) -> exp.TableAlias | None:
    """The alias of a WITH query or of a query in FROM that can name the columns of ``select``."""
    holder = select.parent
    if not isinstance(holder, exp.CTE | exp.Subquery):
        return None
    alias = holder.args.get("alias")
    return alias if isinstance(alias, exp.TableAlias) and not alias.columns else None
