"""What happens before a query runs: it is refused, or a record of its execution is made."""

from __future__ import annotations

from typing import Any

from moto.athena.models import AthenaBackend

from cloudstage.athena import workgroup
from cloudstage.athena.errors import InvalidRequest
from cloudstage.athena.execution import QueryExecution, executions
from cloudstage.athena.protocol import Parameters
from cloudstage.athena.sql import prepared
from cloudstage.athena.sql.statement import Statement, classify
from cloudstage.athena.statements import registry
from cloudstage.athena.tables.objects import StageObjects


def repeated(backend: AthenaBackend, request: Parameters) -> QueryExecution | None:
    """The execution that an earlier request with the same token has started."""
    wanted = request.get("ClientRequestToken")
    for execution in executions(backend).values():
        if wanted and execution.request_token == wanted:
            if (execution.query, execution.requested_database, execution.requested_location) != _identity(
                request
            ):
                raise InvalidRequest("Idempotent parameters do not match", "IDEMPOTENT_PARAMETER_MISMATCH")
            return execution
    return None


def accepted(
    backend: AthenaBackend, objects: StageObjects, request: Parameters
) -> tuple[QueryExecution, Statement]:
    """A new execution, and the statement to run for it; InvalidRequest says why not."""
    query, database, requested_location = _identity(request)
    name = request.get("WorkGroup") or workgroup.DEFAULT
    settings = workgroup.settings(backend, objects, name, request.get("ResultConfiguration") or {})
    statement, parameters = prepared.resolved(backend, name, classify(query))
    registry.check(statement, settings)
    execution = QueryExecution(
        query=query,
        workgroup=name,
        # awswrangler quotes it
        database=(database or "").strip('`"') or None,
        catalog=_context(request).get("Catalog"),
        parameters=parameters or request.get("ExecutionParameters"),
        statement_type=statement.type,
        substatement_type=statement.subtype,
        request_token=request.get("ClientRequestToken"),
        requested_database=database,
        requested_location=requested_location,
        output_location="",
        bytes_limit=settings.bytes_limit,
        encryption=settings.encryption,
    )
    execution.output_location = settings.location + registry.result_file(statement, execution.id)
    return execution, statement


def _identity(request: Parameters) -> tuple[str, str | None, str | None]:
    """What must be the same in a request that is repeated."""
    location = (request.get("ResultConfiguration") or {}).get("OutputLocation")
    return request["QueryString"], _context(request).get("Database"), location


def _context(request: Parameters) -> dict[str, Any]:
    return request.get("QueryExecutionContext") or {}
