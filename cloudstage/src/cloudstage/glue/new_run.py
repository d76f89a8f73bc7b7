"""What a new run takes from its job, from the request that starts it, and from the run it repeats."""

from __future__ import annotations

from typing import Any

from moto.glue.models import FakeJob

from cloudstage.glue.arguments import DEFAULT_LOG_GROUP, JobArguments
from cloudstage.glue.job_run import JobRun
from cloudstage.glue.kinds import SHELL_COMMAND, SHELL_LOG_GROUP

DPU_PER_WORKER = {
    "G.025X": 0.25,
    "G.1X": 1.0,
    "G.2X": 2.0,
    "G.4X": 4.0,
    "G.8X": 8.0,
    "G.12X": 12.0,
    "G.16X": 16.0,
}
"""Source: AWS Glue Developer Guide, "Worker types"."""
DEFAULT_TIMEOUT_MINUTES = 480
SHELL_CAPACITY = 0.0625
"""What a Python shell job gets if it names no capacity, in DPU."""


def new_run(job: FakeJob, requested: dict[str, Any], previous: JobRun | None) -> JobRun:
    """A run in state STARTING. ``requested`` is what StartJobRun was given, by moto's names."""
    arguments = {
        **job.default_arguments,
        **(requested["arguments"] or (previous.arguments if previous else {})),
        **(job.non_overridable_arguments or {}),
    }
    command: dict[str, str] = job.command  # type: ignore[assignment]  # moto declares a string and keeps what came
    given = JobArguments(arguments)
    shell = command["Name"] == SHELL_COMMAND
    worker_type = requested["worker_type"] or job.worker_type
    workers = requested["number_of_workers"] or job.number_of_workers
    return JobRun(
        job_name=job.name,
        command_name=command["Name"],
        script_location=given.script_location(command.get("ScriptLocation", "")),
        arguments=arguments,
        timeout=requested["timeout"] or job.timeout or DEFAULT_TIMEOUT_MINUTES,
        worker_type=worker_type,
        number_of_workers=workers,
        max_capacity=_capacity(requested, job, worker_type, workers) or (SHELL_CAPACITY if shell else None),
        glue_version=job.glue_version or "",
        log_group_name=given.log_group(SHELL_LOG_GROUP if shell else DEFAULT_LOG_GROUP),
        role=job.role,
        previous_run_id=previous.job_run_id if previous else None,
        security_configuration=requested["security_configuration"] or job.security_configuration,
        notification_property=requested["notification_property"] or job.notification_property,
        python_version=command.get("PythonVersion"),
        execution_class=job.execution_class or "STANDARD",
    )


def _capacity(
    requested: dict[str, Any], job: FakeJob, worker_type: str | None, workers: int | None
) -> float | None:
    """Data processing units (DPU), counted from the workers if there are any."""
    if worker_type and workers:
        return workers * DPU_PER_WORKER.get(worker_type, 1.0)
    return (
        requested["max_capacity"]
        or requested["allocated_capacity"]
        or job.max_capacity
        or job.allocated_capacity
    )
