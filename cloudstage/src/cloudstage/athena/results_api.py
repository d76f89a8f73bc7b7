"""The operations that give results."""

from __future__ import annotations

from typing import Any

from moto.athena.models import AthenaBackend

from cloudstage.athena.errors import InvalidRequest
from cloudstage.athena.execution import CANCELLED, FAILED, SUCCEEDED, QueryExecution, found
from cloudstage.athena.protocol import Parameters, position, token
from cloudstage.athena.results.files import csv_rows, text_rows
from cloudstage.athena.services import Services

_MOST_ROWS = 1000


class ResultOperations:
    """The operations of results, which are read from the files where Athena keeps them."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def get_query_results(self, backend: AthenaBackend, request: Parameters) -> dict[str, Any]:
        """A page of a result; the first row of a SELECT's result has the names of the columns."""
        execution = found(backend, request)
        _refuse_unfinished(execution)
        most = request.get("MaxResults") or _MOST_ROWS
        if not 1 <= most <= _MOST_ROWS:
            raise InvalidRequest(f"MaxResults is more than maximum allowed length {_MOST_ROWS}.")
        rows: list[dict[str, Any]] = []
        columns = [column.describe() for column in execution.columns]
        answer: dict[str, Any] = {
            "ResultSet": {"Rows": rows, "ResultSetMetadata": {"ColumnInfo": columns}},
        }
        if execution.update_count is not None:
            answer["UpdateCount"] = execution.update_count
        content = self._content(execution)
        read = csv_rows if execution.has_header else text_rows
        for row, end in read(content, position(request)):
            rows.append({"Data": [{} if value is None else {"VarCharValue": value} for value in row]})
            if len(rows) == most:
                if end < len(content):
                    answer["NextToken"] = token(end)
                break
        return answer

    def get_query_runtime_statistics(self, backend: AthenaBackend, request: Parameters) -> dict[str, Any]:
        """What a query has read and written, and how long that took."""
        execution = found(backend, request)
        timeline = execution.statistics()
        rows = {
            "InputRows": execution.scanned_rows,
            "InputBytes": execution.scanned_bytes,
            "OutputRows": execution.output_rows,
            "OutputBytes": self._size(execution),
        }
        names = [name for name in timeline if name.endswith("InMillis")]
        statistics = {"Timeline": {name: timeline[name] for name in names}, "Rows": rows}
        return {"QueryRuntimeStatistics": statistics}

    def _content(self, execution: QueryExecution) -> bytes:
        if not execution.has_file:
            return b""
        try:
            return self._services.objects.read(execution.output_location)
        except FileNotFoundError as error:
            raise InvalidRequest("Could not find results", "RESULT_NOT_FOUND") from error

    def _size(self, execution: QueryExecution) -> int:
        try:
            return self._services.objects.size(execution.output_location)
        except FileNotFoundError:
            return 0


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
