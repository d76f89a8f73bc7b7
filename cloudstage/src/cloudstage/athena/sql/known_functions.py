"""The functions of Athena engine version 3, so that a query that uses another one fails here as it does there.

https://docs.aws.amazon.com/athena/latest/ug/functions-env3.html, https://trino.io/docs/current/functions/list.html
"""

from __future__ import annotations

import re
from pathlib import Path

from sqlglot import exp

from cloudstage.athena.errors import QueryFailed
from cloudstage.athena.sql.statement import location

_NAMES = frozenset((Path(__file__).parent / "known_functions.txt").read_text(encoding="utf-8").split())
_CALL = re.compile(r'"?(\w+)"?\s*\(')


def known(name: str) -> bool:
    """Whether Athena has a function of this name."""
    return name.lower() in _NAMES


def check(tree: exp.Expr, sql: str) -> None:
    """Refuse functions that only the local engine has."""
    for function in tree.find_all(exp.Func):
        start = function.meta.get("start", len(sql))
        call = _CALL.match(sql, start)
        if call and not known(call[1]):
            name = call[1].lower()
            raise QueryFailed(
                "FUNCTION_NOT_FOUND", f"{location(sql, start)}: Function '{name}' not registered"
            )
