"""What a query needs of a table: only these columns, only rows that may match.

Both are taken from the names and conditions in sight; when in doubt, more is read than needed. The engine
still applies the whole query to what it gets.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp


def used_columns(tree: exp.Expr) -> set[str] | None:
    """All names in a query in lower case, columns or not; None if it asks for every column (``*``)."""
    if any(not isinstance(star.parent, exp.Count) for star in tree.find_all(exp.Star)):
        return None
    return _names(tree)


def hidden_columns(tree: exp.Expr) -> set[str]:
    """The names that start with a dollar sign, such as ``$path``."""
    return {name for name in _names(tree) if name.startswith("$")}


def _names(tree: exp.Expr) -> set[str]:
    return {identifier.name.lower() for identifier in tree.find_all(exp.Identifier)}


def conditions(reference: exp.Table, columns: set[str]) -> list[exp.Expr]:
    """The conditions that every row of a table must meet and that use none but these columns.

    They are those joined by AND in the WHERE of the query in whose FROM the table stands. The names in them
    are without their table.
    """
    select = reference.parent_select
    if not isinstance(select, exp.Select) or not select.args.get("where"):
        return []
    alone = not select.args.get("joins")
    if not alone and not _inner(select):
        return []
    name = (reference.alias or reference.name).lower()
    found = []
    for condition in _conjuncts(select.args["where"].this):
        used = list(condition.find_all(exp.Column))
        mine = all(
            column.name.lower() in columns and (column.table.lower() == name or (alone and not column.table))
            for column in used
        )
        if used and mine and not condition.find(exp.Subquery, exp.Select, exp.Window, exp.AggFunc):
            found.append(_without_tables(condition))
    return found


def fixed_values(wanted: list[exp.Expr]) -> dict[str, list[str]]:
    """What ``column = 'x'`` and ``column IN ('x', 'y')`` ask for, by column."""
    fixed: dict[str, list[str]] = {}
    for condition in wanted:
        if isinstance(condition, exp.EQ):
            column, values = condition.this, [condition.expression]
            if isinstance(values[0], exp.Column):
                column, values = values[0], [column]
        elif isinstance(condition, exp.In):
            column, values = condition.this, condition.expressions
        else:
            continue
        if isinstance(column, exp.Column) and all(isinstance(value, exp.Literal) for value in values):
            fixed[column.name.lower()] = [str(value.this) for value in values]
    return fixed


def _inner(select: exp.Select) -> bool:
    """Whether all joins are inner or cross joins, which keep a row only if it satisfies the WHERE itself."""
    return all(
        not join.side and join.kind in {"", "INNER", "CROSS"} and not join.args.get("method")
        for join in select.args.get("joins") or []
    )


def _conjuncts(condition: exp.Expr) -> Iterator[exp.Expr]:
    if isinstance(condition, exp.Paren):
        yield from _conjuncts(condition.this)
    elif isinstance(condition, exp.And):
        yield from _conjuncts(condition.left)
        yield from _conjuncts(condition.right)
    else:
        yield condition


def _without_tables(condition: exp.Expr) -> exp.Expr:
    bare = condition.copy()
    for column in bare.find_all(exp.Column):
        for part in ("table", "db", "catalog"):
            column.set(part, None)
    return bare
