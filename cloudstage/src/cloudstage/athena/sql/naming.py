"""The names of columns: what they are in the result, and where a query may use them."""

from __future__ import annotations

from sqlglot import exp

# What the engine would name after the expression has no name in Trino; ``_col2`` in the result.
UNNAMED = "__unnamed_"


def name_columns(tree: exp.Expr) -> list[str | None] | None:
    """Name all columns of all queries in a tree; give the names of the result's if they are known.

    None stands for a column without a name. The tree is changed.
    """
    names: list[str | None] | None = None
    for values in list(tree.find_all(exp.Values)):
        _name_values(values)
    for number, select in enumerate(list(tree.find_all(exp.Select))):
        _name_projections(select, number)
        hidden = _hide_names(select, tree)
        names = hidden if select is tree else names
    if isinstance(tree, exp.Values):
        return [None] * _width(tree)
    return names


def _name_values(values: exp.Values) -> None:
    if values.args.get("alias") is None and isinstance(values.parent, exp.From | exp.Join):
        columns = [exp.to_identifier(f"_col{index}") for index in range(_width(values))]
        values.set("alias", exp.TableAlias(this=exp.to_identifier("values"), columns=columns))


def _width(values: exp.Values) -> int:
    first = values.expressions[0]
    return len(first.expressions) if isinstance(first, exp.Tuple) else 1


def _name_projections(select: exp.Select, number: int) -> None:
    """Name what the engine would name after the expression, and keep names as they are written."""
    for index, projection in enumerate(select.expressions):
        if isinstance(projection, exp.Alias | exp.Aliases) or projection.is_star:
            continue
        named = isinstance(projection, exp.Column | exp.Dot)
        name = projection.name if named else f"{UNNAMED}{number}_{index}"
        projection.replace(exp.alias_(projection.copy(), name, quoted=True))


def _hide_names(select: exp.Select, tree: exp.Expr) -> list[str | None] | None:
    """Take away the names of columns within their own query; give what they are outside, if known.

    The engine lets WHERE, GROUP BY and the other columns use them. Trino and Athena don't: such a query
    must fail here too. ORDER BY may use them.
    """
    outside = _outside_alias(select)
    if any(not isinstance(projection, exp.Alias) for projection in select.expressions):
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
    return [None if name.startswith(UNNAMED) else name for name in names]


def _outside_alias(select: exp.Select) -> exp.TableAlias | None:
    """The alias of a WITH query or of a query in FROM that can name the columns of ``select``."""
    holder = select.parent
    if not isinstance(holder, exp.CTE | exp.Subquery):
        return None
    alias = holder.args.get("alias")
    return alias if isinstance(alias, exp.TableAlias) and not alias.columns else None
