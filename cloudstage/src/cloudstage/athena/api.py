"""The operations that start queries, stop them, and describe them."""

from __future__ import annotations

from typing import Any

from moto.athena.models import AthenaBackend

from cloudstage.athena import workgroup
from cloudstage.athena.errors import InvalidRequest, QueryFailed
from cloudstage.athena.execution import executions, found
from cloudstage.athena.protocol import Parameters, page
from cloudstage.athena.runner import QueryRunner
from cloudstage.athena.services import Services
from cloudstage.athena.starting import accepted, repeated
from cloudstage.iam import query_rights

_MOST_IDS = 50


class QueryOperations:
    """The operations of queries."""

    def __init__(self, services: Services, runner: QueryRunner) -> None:
        self._services = services
        self._runner = runner

    def start_query_execution(self, backend: AthenaBackend, request: Parameters) -> dict[str, Any]:
        """Accept a query, or refuse it at once."""
        earlier = repeated(backend, request)
        if earlier:
            return {"QueryExecutionId": earlier.id}
        execution, statement = accepted(backend, self._services.objects, request)
        executions(backend)[execution.id] = execution
        denied = query_rights.refusal(
            self._services.context, execution.query, execution.database, execution.output_location
        )
        if denied:
            execution.fail(QueryFailed("", denied))
        else:
            self._runner.submit(execution, statement)
        return {"QueryExecutionId": execution.id}

    def stop_query_execution(self, backend: AthenaBackend, request: Parameters) -> dict[str, Any]:
        """Cancel a query."""
        self._runner.cancel(found(backend, request))
        return {}

    def get_query_execution(self, backend: AthenaBackend, request: Parameters) -> dict[str, Any]:
        """Describe a query."""
        return {"QueryExecution": found(backend, request).describe()}

    def batch_get_query_execution(self, backend: AthenaBackend, request: Parameters) -> dict[str, Any]:
        """Describe several queries."""
        known = executions(backend)
        wanted = request["QueryExecutionIds"]
        missing = [identifier for identifier in wanted if identifier not in known]
        return {
            "QueryExecutions": [known[each].describe() for each in wanted if each in known],
            "UnprocessedQueryExecutionIds": [
                {
                    "QueryExecutionId": identifier,
                    "ErrorCode": "QUERY_EXECUTION_NOT_FOUND",
                    "ErrorMessage": f"QueryExecution {identifier} was not found",
                }
                for identifier in missing
            ],
        }

    def list_query_executions(self, backend: AthenaBackend, request: Parameters) -> dict[str, Any]:
        """The queries of a workgroup, the newest first."""
        name = request.get("WorkGroup") or workgroup.DEFAULT
        if name not in backend.work_groups:
            raise InvalidRequest("WorkGroup is not found.")
        mine = [execution for execution in executions(backend).values() if execution.workgroup == name]
        newest = sorted(mine, key=lambda execution: execution.submitted, reverse=True)
        return page("QueryExecutionIds", [each.id for each in newest], request, _MOST_IDS)
