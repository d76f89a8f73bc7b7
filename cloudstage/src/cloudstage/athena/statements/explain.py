"""EXPLAIN: how the local engine would run a query, which is not how Athena would."""

from __future__ import annotations

import re

from cloudstage.athena.query import Query
from cloudstage.athena.results.columns import ResultColumn
from cloudstage.athena.sql import parsing

_EXPLAIN = re.compile(r"explain\s+(?:analyze\s+)?(?:verbose\s+)?(?:\([^)]*\)\s*)?", re.IGNORECASE)


def run(query: Query) -> None:
    """Check the query and show the engine's plan."""
    text = query.statement.body
    start = _EXPLAIN.search(text)
    plan = query.plan(parsing.parse(text[start.end() if start else 0 :]))
    query.answer([ResultColumn("Query Plan", "varchar")], plan.relation.explain().split("\n"))
