"""A user of Athena: starts a query, waits for it, fetches what it gave."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

Row = list[str | None]


@dataclass
class Queries:
    """Queries of one database whose results go below ``output``."""

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
        """The execution in its final state."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            execution = self.client.get_query_execution(QueryExecutionId=identifier)["QueryExecution"]
            if execution["Status"]["State"] not in {"QUEUED", "RUNNING"}:
                return dict(execution)
        raise TimeoutError(identifier)

    def run(self, sql: str, **request: Any) -> dict[str, Any]:
        return self.wait(self.start(sql, **request))

    def succeed(self, sql: str, **request: Any) -> dict[str, Any]:
        execution = self.run(sql, **request)
        assert execution["Status"]["State"] == "SUCCEEDED", execution["Status"]
        return execution

    def result(self, sql: str, **request: Any) -> dict[str, Any]:
        """The first page of GetQueryResults."""
        identifier = self.succeed(sql, **request)["QueryExecutionId"]
        return dict(self.client.get_query_results(QueryExecutionId=identifier))

    def table(self, sql: str, **request: Any) -> list[Row]:
        """All rows as text; of a SELECT the first has the names of the columns."""
        rows = self.result(sql, **request)["ResultSet"]["Rows"]
        return [[value.get("VarCharValue") for value in row["Data"]] for row in rows]

    def rows(self, sql: str, **request: Any) -> list[Row]:
        return self.table(sql, **request)[1:]

    def lines(self, sql: str, **request: Any) -> list[str | None]:
        """The rows of a statement whose result has one column and no names."""
        return [row[0] for row in self.table(sql, **request)]

    def texts(self, *expressions: str) -> Row:
        """The texts of expressions, all in one query."""
        return self.rows("SELECT " + ", ".join(expressions))[0]

    def failure(self, sql: str, **request: Any) -> str:
        """Why a query failed."""
        execution = self.run(sql, **request)
        assert execution["Status"]["State"] == "FAILED", execution
        return str(execution["Status"]["StateChangeReason"])
