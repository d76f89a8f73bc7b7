"""PREPARE … FROM and DEALLOCATE PREPARE."""

from __future__ import annotations

import re
from typing import Any

from cloudstage.athena.errors import InvalidRequest, QueryFailed
from cloudstage.athena.query import Query

_PREPARE = re.compile(r"prepare\s+(?P<name>\w+)\s+from\s+(?P<statement>.+)", re.IGNORECASE | re.DOTALL)
_DEALLOCATE = re.compile(r"deallocate\s+prepare\s+(?P<name>\w+)", re.IGNORECASE)


def prepare(query: Query) -> None:
    """Keep a statement under a name, in the workgroup of the query."""
    match = _PREPARE.fullmatch(query.statement.body)
    if match is None:
        raise InvalidRequest("line 1:1: mismatched input. Expecting: PREPARE name FROM statement")
    backend: Any = query.services.backend
    backend.create_prepared_statement(match["name"], query.execution.workgroup, match["statement"], "")
    query.done()


def deallocate(query: Query) -> None:
    """Forget a statement."""
    match = _DEALLOCATE.fullmatch(query.statement.body)
    name = match["name"] if match else ""
    if query.services.backend.prepared_statements.pop(name, None) is None:
        raise QueryFailed("NOT_FOUND", f"Prepared statement not found: {name}")
    query.done()
