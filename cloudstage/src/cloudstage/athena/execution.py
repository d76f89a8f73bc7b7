"""What a cloudstage remembers of a query: kept in moto's backend, so that a snapshot keeps it."""

from __future__ import annotations

import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import Any, cast

from moto.athena.models import AthenaBackend

from cloudstage.athena.errors import InvalidRequest, QueryFailed
from cloudstage.athena.results.columns import ResultColumn

QUEUED, RUNNING = "QUEUED", "RUNNING"
SUCCEEDED, FAILED, CANCELLED = "SUCCEEDED", "FAILED", "CANCELLED"
ENGINE_VERSION = {
    "SelectedEngineVersion": "AUTO",
    "EffectiveEngineVersion": "Athena engine version 3",
}


# Two threads may end a query at once. One lock for all: an execution is pickled, and holds none.
_changing_state = threading.Lock()


@dataclass
class QueryExecution:
    """One query: the request, its state, and what it left behind. Times are seconds since the epoch."""

    query: str
    workgroup: str
    database: str | None
    catalog: str | None
    parameters: list[str] | None
    statement_type: str
    substatement_type: str | None
    request_token: str | None
    requested_database: str | None
    requested_location: str | None
    output_location: str
    bytes_limit: int | None = None
    encryption: dict[str, str] | None = None
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    state: str = QUEUED
    submitted: float = field(default_factory=time.time)
    started: float | None = None
    completed: float | None = None
    reason: str | None = None
    error: dict[str, Any] | None = None
    columns: list[ResultColumn] = field(default_factory=list)
    # How the result's file is read: not at all, with or without a line of names.
    has_file: bool = False
    has_header: bool = False
    update_count: int | None = None
    output_rows: int = 0
    scanned_bytes: int = 0
    scanned_rows: int = 0
    planning_seconds: float = 0.0
    manifest_location: str | None = None

    @property
    def ended(self) -> bool:
        """Whether the state is final."""
        return self.state in {SUCCEEDED, FAILED, CANCELLED}

    def start(self) -> bool:
        """Enter RUNNING; False if the query has been ended meanwhile."""
        with _changing_state:
            if not self.ended:
                self.state, self.started = RUNNING, time.time()
            return not self.ended

    def finish(self, state: str, reason: str | None = None) -> None:
        """Enter a final state; a query that already ended stays as it is."""
        with _changing_state:
            if not self.ended:
                self.reason, self.completed = reason, time.time()
                self.state = state

    def fail(self, failure: QueryFailed) -> None:
        """Enter FAILED with Athena's account of the error; a query that already ended stays as it is."""
        with _changing_state:
            if self.ended:
                return
            self.error = {
                "ErrorCategory": failure.category,
                "ErrorType": failure.error_type,
                "Retryable": False,
                "ErrorMessage": str(failure),
            }
            self.reason, self.completed = str(failure), time.time()
            self.state = FAILED

    def statistics(self) -> dict[str, Any]:
        """The Statistics of GetQueryExecution."""
        now = self.completed or time.time()
        started = self.started or now
        statistics: dict[str, Any] = {
            "EngineExecutionTimeInMillis": _milliseconds(now - started),
            "DataScannedInBytes": self.scanned_bytes,
            "TotalExecutionTimeInMillis": _milliseconds(now - self.submitted),
            "QueryQueueTimeInMillis": _milliseconds(started - self.submitted),
            "QueryPlanningTimeInMillis": _milliseconds(self.planning_seconds),
            "ServicePreProcessingTimeInMillis": 0,
            "ServiceProcessingTimeInMillis": 0,
            "ResultReuseInformation": {"ReusedPreviousResult": False},
        }
        if self.manifest_location:
            statistics["DataManifestLocation"] = self.manifest_location
        return statistics

    def describe(self) -> dict[str, Any]:
        """The QueryExecution of GetQueryExecution."""
        status: dict[str, Any] = {"State": self.state, "SubmissionDateTime": self.submitted}
        if self.completed is not None:
            status["CompletionDateTime"] = self.completed
        if self.reason is not None:
            status["StateChangeReason"] = self.reason
        if self.error is not None:
            status["AthenaError"] = self.error
        location: dict[str, Any] = {"OutputLocation": self.output_location}
        if self.encryption:
            location["EncryptionConfiguration"] = self.encryption
        context = {"Database": self.requested_database, "Catalog": self.catalog}
        description: dict[str, Any] = {
            "QueryExecutionId": self.id,
            "Query": self.query,
            "StatementType": self.statement_type,
            "ResultConfiguration": location,
            "ResultReuseConfiguration": {"ResultReuseByAgeConfiguration": {"Enabled": False}},
            "QueryExecutionContext": {name: value for name, value in context.items() if value},
            "Status": status,
            "Statistics": self.statistics(),
            "WorkGroup": self.workgroup,
            "EngineVersion": ENGINE_VERSION,
        }
        if self.substatement_type:
            description["SubstatementType"] = self.substatement_type
        if self.parameters:
            description["ExecutionParameters"] = self.parameters
        return description


def executions(backend: AthenaBackend) -> dict[str, QueryExecution]:
    """All executions of a backend by their ids."""
    return cast(dict[str, QueryExecution], backend.executions)


def found(backend: AthenaBackend, request: dict[str, Any]) -> QueryExecution:
    """The execution that a request names; InvalidRequest if there is none."""
    identifier = request.get("QueryExecutionId") or ""
    execution = executions(backend).get(identifier)
    if execution is None:
        raise InvalidRequest(f"QueryExecution {identifier} was not found", "QUERY_EXECUTION_NOT_FOUND")
    return execution


def _milliseconds(seconds: float) -> int:
    return max(0, round(seconds * 1000))
