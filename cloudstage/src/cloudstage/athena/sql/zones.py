"""Columns of a result that show the time of a zone: ``2024-06-01 02:00:00.000 Europe/Berlin``.

The engine's timestamps with a time zone are moments without a zone of their own, so ``x AT TIME ZONE 'Z'``
becomes the local time there. Where it is a column of the result, the zone is shown with it.
"""

from __future__ import annotations

from sqlglot import exp

from cloudstage.athena.sql.calls import literal

# Functions that leave the zone of their argument as it is.
_KEEPING = (
    exp.Alias,
    exp.Paren,
    exp.TimestampTrunc,
    exp.DateTrunc,
    exp.DateAdd,
    exp.Add,
    exp.Sub,
    exp.Max,
    exp.Min,
)


def shown_zones(tree: exp.Expr) -> list[str | None]:
    """The zone of each column of a query; nothing if their number is not known."""
    if not isinstance(tree, exp.Select) or any(projection.is_star for projection in tree.expressions):
        return []
    return [_zone(projection) for projection in tree.expressions]


def _zone(node: exp.Expr) -> str | None:
    if isinstance(node, exp.AtTimeZone):
        return literal(node.args["zone"])
    if isinstance(node, exp.Anonymous) and node.name.lower() == "at_timezone":
        return literal(node.expressions[1])
    return _zone(node.this) if isinstance(node, _KEEPING) else None
