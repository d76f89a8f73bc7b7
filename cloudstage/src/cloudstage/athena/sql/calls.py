"""Function calls of the engine, for the rewrites to build."""

from __future__ import annotations

from sqlglot import exp


def call(name: str, *arguments: exp.Expr | str) -> exp.Anonymous:
    """A call of a function; arguments that are text become literals."""
    made = [exp.Literal.string(each) if isinstance(each, str) else each.copy() for each in arguments]
    return exp.Anonymous(this=name, expressions=made)


def literal(node: exp.Expr | None) -> str | None:
    """The text of a literal, also of one that was made a VARCHAR; None for anything else."""
    if isinstance(node, exp.Cast):
        node = node.this
    return str(node.this) if isinstance(node, exp.Literal) else None
