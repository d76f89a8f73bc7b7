"""The operations of Athena's API that run queries and tell of them."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any, cast

from moto.athena.models import AthenaBackend
from moto.athena.responses import AthenaResponse

from ops.local.athena import workgroup
from ops.local.athena.errors import InvalidRequest
from ops.local.athena.execution import CANCELLED, FAILED, SUCCEEDED, QueryExecution
from ops.local.athena.results.files import csv_rows, text_rows
from ops.local.athena.runner import QueryRunner
from ops.local.athena.services import Services
from ops.local.athena.sql import parsing
from ops.local.athena.sql.statement import Statement, classify
from ops.local.athena.statements.registry import result_file

Parameters = dict[str, Any]
Operation = Callable[[AthenaBackend, Parameters], dict[str, Any]]
_MOST_ROWS = 1000
_MOST_IDS = 50


class QueryOperations:
    """The operations; each takes moto's backend and the request, and gives the response."""

    def __init__(self, services: Services, runner: QueryRunner) -> None:
        self._services = services
        self._runner = runner

    def start_query_execution(self, backend: AthenaBackend, request: Parameters) -> dict[str, Any]:
        """Accept a query, or refuse it at once."""
        repeated = _repeated(backend, request)
        if repeated:
            return {"QueryExecutionId": repeated.id}
        name = request.get("WorkGroup") or workgroup.DEFAULT
        requested = request.get("ResultConfiguration") or {}
        location = workgroup.result_location(backend, self._services.objects, name, requested)
        statement = classify(request["QueryString"])
        if statement.subtype == "SELECT":
            parsing.parse(statement.text)
        execution = _new_execution(request, name, statement, location)
        _executions(backend)[execution.id] = execution
        self._runner.submit(execution, statement)
        return {"QueryExecutionId": execution.id}

    def stop_query_execution(self, backend: AthenaBackend, request: Parameters) -> dict[str, Any]:
        """Cancel a query."""
        self._runner.cancel(_found(backend, request))
        return {}

    def get_query_execution(self, backend: AthenaBackend, request: Parameters) -> dict[str, Any]:
        """Tell of a query."""
        return {"QueryExecution": _found(backend, request).describe()}

    def batch_get_query_execution(self, backend: AthenaBackend, request: Parameters) -> dict[str, Any]:
        """Tell of several queries."""
        known = _executions(backend)
        identifiers = request["QueryExecutionIds"]
        missing = [identifier for identifier in identifiers if identifier not in known]
        return {
            "QueryExecutions": [known[each].describe() for each in identifiers if each in known],
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
        mine = [execution for execution in _executions(backend).values() if execution.workgroup == name]
        identifiers = [each.id for each in sorted(mine, key=lambda each: each.submitted, reverse=True)]
        start = _position(request)
        most = request.get("MaxResults") or _MOST_IDS
        page: dict[str, Any] = {"QueryExecutionIds": identifiers[start : start + most]}
        if start + most < len(identifiers):
            page["NextToken"] = _token(start + most)
        return page

    def get_query_results(self, backend: AthenaBackend, request: Parameters) -> dict[str, Any]:
        """A page of a result, read from the file where Athena keeps it."""
        execution = _found(backend, request)
        _refuse_unfinished(execution)
        most = request.get("MaxResults") or _MOST_ROWS
        if not 1 <= most <= _MOST_ROWS:
            raise InvalidRequest(f"MaxResults is more than maximum allowed length {_MOST_ROWS}.")
        page: dict[str, Any] = {"ResultSet": {"Rows": [], "ResultSetMetadata": {"ColumnInfo": []}}}
        if execution.update_count is not None:
            page["UpdateCount"] = execution.update_count
        page["ResultSet"]["ResultSetMetadata"]["ColumnInfo"] = [each.describe() for each in execution.columns]
        content = self._content(execution)
        rows = csv_rows if execution.has_header else text_rows
        for row, end in rows(content, _position(request)):
            page["ResultSet"]["Rows"].append({"Data": [_datum(value) for value in row]})
            if len(page["ResultSet"]["Rows"]) == most:
                if end < len(content):
                    page["NextToken"] = _token(end)
                break
        return page

    def _content(self, execution: QueryExecution) -> bytes:
        if not execution.has_file:
            return b""
        try:
            return self._services.objects.read(execution.output_location)
        except FileNotFoundError as error:
            raise InvalidRequest("Could not find results", "RESULT_NOT_FOUND") from error


def replace(operations: QueryOperations) -> None:
    """Put the operations in the place of moto's."""
    for name in vars(QueryOperations):
        if not name.startswith("_"):
            setattr(AthenaResponse, name, _answering(getattr(operations, name)))


def _answering(operation: Operation) -> Callable[[AthenaResponse], tuple[str, dict[str, int]]]:
    def respond(response: AthenaResponse) -> tuple[str, dict[str, int]]:
        try:
            answer = operation(response.athena_backend, json.loads(response.body or "{}"))
        except InvalidRequest as refusal:
            error = {
                "__type": "InvalidRequestException",
                "AthenaErrorCode": refusal.code,
                "ErrorCode": refusal.code,
                "Message": str(refusal),
            }
            return json.dumps(error), {"status": 400}
        return json.dumps(answer), {"status": 200}

    return respond


def _executions(backend: AthenaBackend) -> dict[str, QueryExecution]:
    return cast(dict[str, QueryExecution], backend.executions)


def _found(backend: AthenaBackend, request: Parameters) -> QueryExecution:
    identifier = request.get("QueryExecutionId") or ""
    execution = _executions(backend).get(identifier)
    if execution is None:
        raise InvalidRequest(f"QueryExecution {identifier} was not found", "QUERY_EXECUTION_NOT_FOUND")
    return execution


def _repeated(backend: AthenaBackend, request: Parameters) -> QueryExecution | None:
    token = request.get("ClientRequestToken")
    for execution in _executions(backend).values():
        if token and execution.request_token == token:
            same = (
                execution.query == request["QueryString"]
                and execution.requested_database
                == (request.get("QueryExecutionContext") or {}).get("Database")
                and execution.requested_location
                == (request.get("ResultConfiguration") or {}).get("OutputLocation")
            )
            if not same:
                raise InvalidRequest("Idempotent parameters do not match", "IDEMPOTENT_PARAMETER_MISMATCH")
            return execution
    return None


def _new_execution(
    request: Parameters, name: str, statement: Statement, location: workgroup.ResultLocation
) -> QueryExecution:
    context = request.get("QueryExecutionContext") or {}
    execution = QueryExecution(
        query=request["QueryString"],
        workgroup=name,
        # awswrangler quotes it
        database=(context.get("Database") or "").strip('`"') or None,
        catalog=context.get("Catalog"),
        parameters=request.get("ExecutionParameters"),
        statement_type=statement.type,
        substatement_type=statement.subtype,
        request_token=request.get("ClientRequestToken"),
        requested_database=context.get("Database"),
        requested_location=(request.get("ResultConfiguration") or {}).get("OutputLocation"),
        output_location="",
        location_enforced=location.enforced,
        encryption=location.encryption,
    )
    execution.output_location = location.uri + result_file(statement, execution.id)
    return execution


def _refuse_unfinished(execution: QueryExecution) -> None:
    if execution.state == SUCCEEDED:
        return
    if execution.state == FAILED:
        text = "Query did not finish successfully. Final query state: FAILED"
        raise InvalidRequest(text, "INVALID_QUERY_EXECUTION_STATE")
    if execution.state == CANCELLED:
        raise InvalidRequest("Could not find results", "RESULT_NOT_FOUND")
    text = f"Query has not yet finished. Current state: {execution.state}"
    raise InvalidRequest(text, "INVALID_QUERY_EXECUTION_STATE")


def _datum(value: str | None) -> dict[str, str]:
    return {} if value is None else {"VarCharValue": value}


def _token(position: int) -> str:
    return base64.urlsafe_b64encode(str(position).encode()).decode()


def _position(request: Parameters) -> int:
    token = request.get("NextToken")
    if not token:
        return 0
    try:
        return int(base64.urlsafe_b64decode(token))
    except ValueError as error:
        raise InvalidRequest("NextToken is malformed") from error
