"""A user of Athena: starts a query, waits for it, fetches what it gave."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any


@dataclass
class Queries:
    """Runs queries as a user does: start, poll, fetch."""

    client: Any
    database: str
    output: str

    def start(self, sql: str, **request: Any) -> str:
        defaults: dict[str, Any] = {
            "QueryExecutionContext": {"Database": self.database},
            "ResultConfiguration": {"OutputLocation": self.output},
        }
        answer = self.client.start_query_execution(QueryString=sql, **(defaults | request))
        return str(answer["QueryExecutionId"])

    def wait(self, identifier: str) -> dict[str, Any]:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            execution: dict[str, Any] = self.client.get_query_execution(QueryExecutionId=identifier)
            if execution["QueryExecution"]["Status"]["State"] not in {"QUEUED", "RUNNING"}:
                return dict(execution["QueryExecution"])
        raise TimeoutError(identifier)

    def run(self, sql: str, **request: Any) -> dict[str, Any]:
        return self.wait(self.start(sql, **request))

    def result(self, sql: str, **request: Any) -> dict[str, Any]:
        execution = self.run(sql, **request)
        assert execution["Status"]["State"] == "SUCCEEDED", execution["Status"]
        return dict(self.client.get_query_results(QueryExecutionId=execution["QueryExecutionId"]))

    def table(self, sql: str, **request: Any) -> list[list[str | None]]:
        """All rows as text, the header first."""
        rows = self.result(sql, **request)["ResultSet"]["Rows"]
        return [[value.get("VarCharValue") for value in row["Data"]] for row in rows]

    def rows(self, sql: str, **request: Any) -> list[list[str | None]]:
        return self.table(sql, **request)[1:]

    def value(self, expression: str) -> str | None:
        """The text of one expression."""
        return self.rows(f"SELECT {expression}")[0][0]

    def failure(self, sql: str, **request: Any) -> str:
        execution = self.run(sql, **request)
        assert execution["Status"]["State"] == "FAILED", execution
        return str(execution["Status"]["StateChangeReason"])
