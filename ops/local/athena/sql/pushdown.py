"""What a query needs of a table: only these columns, only rows that may match.

Both are taken from the names and conditions in sight; when in doubt, more is read than needed. The engine
still applies the whole query to what it gets.
"""

from __future__ import annotations

from sqlglot import exp


def used_columns(tree: exp.Expr) -> set[str] | None:
    """All names in a query in lower case, columns or not; None if it asks for every column (``*``)."""
    for star in tree.find_all(exp.Star):
        if not isinstance(star.parent, exp.Count):
            return None
    return {identifier.name.lower() for identifier in tree.find_all(exp.Identifier)}
