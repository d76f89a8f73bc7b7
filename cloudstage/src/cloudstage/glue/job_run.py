"""A Glue job run as it is kept: plain values, so that the cloudstage's snapshot can hold it inside moto's job."""

from __future__ import annotations

import datetime
import secrets
from dataclasses import dataclass, field, replace
from typing import Any, cast

from moto.glue.models import FakeJob

STARTING, RUNNING, STOPPING = "STARTING", "RUNNING", "STOPPING"
SUCCEEDED, FAILED, TIMEOUT, STOPPED = "SUCCEEDED", "FAILED", "TIMEOUT", "STOPPED"
UNFINISHED = frozenset({STARTING, RUNNING, STOPPING})


def runs_of(job: FakeJob) -> list[JobRun]:
    """The runs of one of moto's jobs, the oldest first: moto's own class of runs is not used."""
    return cast("list[JobRun]", job.job_runs)


def now() -> datetime.datetime:
    """The current time as moto keeps times: UTC without a zone."""
    return datetime.datetime.now(datetime.UTC).replace(tzinfo=None)


@dataclass
class JobRun:
    """One attempt to run a job. ``timeout`` is in minutes, ``execution_time`` in seconds, times are UTC."""

    job_name: str
    command_name: str
    script_location: str
    arguments: dict[str, str]
    timeout: int
    worker_type: str | None
    number_of_workers: int | None
    max_capacity: float | None
    glue_version: str
    log_group_name: str
    role: str = ""
    previous_run_id: str | None = None
    security_configuration: str | None = None
    notification_property: dict[str, int] | None = None
    execution_class: str = "STANDARD"
    job_run_id: str = field(default_factory=lambda: f"jr_{secrets.token_hex(32)}")
    attempt: int = 0
    state: str = STARTING
    error_message: str | None = None
    started_on: datetime.datetime = field(default_factory=now)
    last_modified_on: datetime.datetime = field(default_factory=now)
    completed_on: datetime.datetime | None = None
    running_since: datetime.datetime | None = None
    execution_time: int = 0
    python_version: str | None = None

    @property
    def unfinished(self) -> bool:
        """Whether it still occupies one of its job's concurrent runs."""
        return self.state in UNFINISHED

    def enter(self, state: str, error_message: str | None = None) -> None:
        """Take on a state, with the times that go with it."""
        self.state, self.error_message, self.last_modified_on = state, error_message, now()
        if state == RUNNING:
            self.running_since = self.last_modified_on
        elif not self.unfinished:
            self.completed_on = self.last_modified_on
            self.execution_time = self.seconds_running()

    def seconds_running(self) -> int:
        """Whole seconds since the script was started; starting up is not counted, as AWS does not bill it."""
        if self.running_since is None:
            return 0
        return round(((self.completed_on or now()) - self.running_since).total_seconds())

    def next_attempt(self) -> JobRun:
        """The run that AWS Glue starts by itself after this one failed."""
        first = self.job_run_id.partition("_attempt_")[0]
        number = self.attempt + 1
        return replace(
            self,
            job_run_id=f"{first}_attempt_{number}",
            attempt=number,
            previous_run_id=self.job_run_id,
            state=STARTING,
            error_message=None,
            started_on=now(),
            last_modified_on=now(),
            completed_on=None,
            running_since=None,
            execution_time=0,
        )

    def as_dict(self) -> dict[str, Any]:
        """The ``JobRun`` structure of the Glue API; what is not known is left out."""
        capacity = {} if self.max_capacity is None else {"AllocatedCapacity": int(self.max_capacity)}
        fields = {
            "Id": self.job_run_id,
            "Attempt": self.attempt,
            "PreviousRunId": self.previous_run_id,
            "JobName": self.job_name,
            "JobMode": "SCRIPT",
            "StartedOn": self.started_on,
            "LastModifiedOn": self.last_modified_on,
            "CompletedOn": self.completed_on,
            "JobRunState": self.state,
            "Arguments": self.arguments,
            "ErrorMessage": self.error_message,
            "PredecessorRuns": [],
            "ExecutionTime": self.execution_time or self.seconds_running(),
            "Timeout": self.timeout,
            "MaxCapacity": self.max_capacity,
            "WorkerType": self.worker_type,
            "NumberOfWorkers": self.number_of_workers,
            "SecurityConfiguration": self.security_configuration,
            "NotificationProperty": self.notification_property,
            "LogGroupName": self.log_group_name,
            "GlueVersion": self.glue_version,
            "ExecutionClass": self.execution_class,
        }
        return capacity | {name: value for name, value in fields.items() if value is not None}
