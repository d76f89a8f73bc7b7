"""The Glue API of job runs, on top of moto: its pretended runs are replaced by ones that the executor performs."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.glue.exceptions import ConcurrentRunsExceededException, JobRunNotFoundException
from moto.glue.models import FakeJob, GlueBackend
from moto.glue.responses import GlueResponse

from ops.local.glue.arguments import JobArguments
from ops.local.glue.executor import Executor
from ops.local.glue.job_run import STOPPING, JobRun

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
DEFAULT_GLUE_VERSION = "0.9"


def install(executor: Executor) -> None:
    """Make moto's Glue start, tell of and stop the runs of ``executor``."""

    def start_job_run(self: FakeJob, previous_run_id: str | None = None, **requested: Any) -> str:
        with executor.lock:
            going_on = sum(run.unfinished for run in self.job_runs)
            if going_on >= self.execution_property.get("MaxConcurrentRuns", 1):
                raise ConcurrentRunsExceededException(f"Concurrent runs exceeded for {self.name}")
            previous = find(self, previous_run_id) if previous_run_id else None
            run = _new_run(self, requested, previous)
            self.job_runs.append(run)
            executor.start(self, run)
            return run.job_run_id

    def find(self: FakeJob, run_id: str) -> JobRun:
        for run in self.job_runs:
            if run.job_run_id == run_id:
                return run  # type: ignore[return-value]  # moto declares its own class of runs
        raise JobRunNotFoundException(run_id)

    def newest_first(self: FakeJob) -> list[Any]:
        return self.job_runs[::-1]

    def batch_stop_job_run(self: GlueResponse) -> ActionResult:
        name = self.parameters["JobName"]
        stopped, errors = [], []
        for run_id in self.parameters["JobRunIds"]:
            problem = _stop(executor, self.glue_backend.jobs.get(name), run_id)
            about = {"JobName": name, "JobRunId": run_id}
            if problem:
                errors.append({**about, "ErrorDetail": problem})
            else:
                stopped.append(about)
        return ActionResult({"SuccessfulSubmissions": stopped, "Errors": errors})

    def delete_job(self: GlueBackend, name: str) -> None:
        with executor.lock:
            job = self.jobs.pop(name, None)
            for run in job.job_runs if job else []:
                if run.unfinished:
                    executor.stop(run)

    FakeJob.start_job_run = start_job_run
    FakeJob.get_job_run = find
    FakeJob.get_job_runs = newest_first
    GlueResponse.batch_stop_job_run = batch_stop_job_run
    GlueBackend.delete_job = delete_job


def _new_run(job: FakeJob, requested: dict[str, Any], previous: JobRun | None) -> JobRun:
    arguments = {
        **job.default_arguments,
        **(requested["arguments"] or (previous.arguments if previous else {})),
        **(job.non_overridable_arguments or {}),
    }
    worker_type = requested["worker_type"] or job.worker_type
    workers = requested["number_of_workers"] or job.number_of_workers
    return JobRun(
        job_name=job.name,
        arguments=arguments,
        timeout=requested["timeout"] or job.timeout or DEFAULT_TIMEOUT_MINUTES,
        worker_type=worker_type,
        number_of_workers=workers,
        max_capacity=_capacity(requested, job, worker_type, workers),
        glue_version=job.glue_version or DEFAULT_GLUE_VERSION,
        log_group_name=JobArguments(arguments).log_group,
        previous_run_id=previous.job_run_id if previous else None,
        security_configuration=requested["security_configuration"] or job.security_configuration,
        notification_property=requested["notification_property"] or job.notification_property,
        execution_class=job.execution_class,
    )


def _capacity(
    requested: dict[str, Any], job: FakeJob, worker_type: str | None, workers: int | None
) -> float | None:
    if worker_type and workers:
        return workers * DPU_PER_WORKER.get(worker_type, 1.0)
    return (
        requested["max_capacity"]
        or requested["allocated_capacity"]
        or job.max_capacity
        or job.allocated_capacity
    )


def _stop(executor: Executor, job: FakeJob | None, run_id: str) -> dict[str, str] | None:
    """Stop a run; the error detail if that can't be done."""
    with executor.lock:
        run = next((run for run in job.job_runs if run.job_run_id == run_id), None) if job else None
        if run is None:
            return {"ErrorCode": "EntityNotFoundException", "ErrorMessage": f"Job run {run_id} not found."}
        if not run.unfinished or run.state == STOPPING:
            reason = f"Job run {run_id} is {run.state} and can't be stopped."
            return {"ErrorCode": "InvalidInputException", "ErrorMessage": reason}
        executor.stop(run)
    return None
