"""Trino's expressions as expressions of the engine, where the two differ.

Each rewrite takes one node whose children are already rewritten, and gives what stands in its place.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from cloudstage.athena.sql import rewrite_collections, rewrite_text, rewrite_time, rewrite_values
from cloudstage.athena.sql.readings import Reading, read_size, read_unnest

Rewrite = Callable[[exp.Expr], exp.Expr]

_REWRITES: dict[type[exp.Expr], Rewrite] = {
    **rewrite_values.REWRITES,
    **rewrite_time.REWRITES,
    **rewrite_text.REWRITES,
    **rewrite_collections.REWRITES,
}
# Functions that sqlglot leaves as they are written, by their names in lower case.
_FUNCTIONS: dict[str, Rewrite] = {
    **rewrite_time.FUNCTIONS,
    **rewrite_collections.FUNCTIONS,
}


def rewrite(tree: exp.Expr, reading: Reading) -> exp.Expr:
    """The whole tree rewritten, from the leaves up; the tree that is given is used up."""
    for node in reversed(list(tree.dfs())):
        changed = _changed(node, reading)
        if changed is not node and node is tree:
            tree = changed
        elif changed is not node:
            node.replace(changed)
    return tree


def _changed(node: exp.Expr, reading: Reading) -> exp.Expr:
    if isinstance(node, exp.ArraySize):
        return read_size(node, reading)
    if isinstance(node, exp.Unnest):
        return read_unnest(node, reading)
    named = isinstance(node, exp.Anonymous)
    change = _FUNCTIONS.get(node.name.lower()) if named else _REWRITES.get(type(node))
    return change(node) if change else node
