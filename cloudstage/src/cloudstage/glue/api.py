"""The Glue API of job runs, on top of moto: the runs it pretends are replaced by ones that really happen."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.glue.exceptions import ConcurrentRunsExceededException, JobRunNotFoundException
from moto.glue.models import FakeJob, GlueBackend
from moto.glue.responses import GlueResponse

from cloudstage.glue.executor import JobExecutor
from cloudstage.glue.job_run import STOPPING, JobRun, runs_of
from cloudstage.glue.new_run import new_run
from cloudstage.patching import Patch


def install(executor: JobExecutor, patch: Patch) -> None:
    """Make moto's Glue start, tell of and stop the runs of ``executor``."""

    def start_job_run(self: FakeJob, previous_run_id: str | None = None, **requested: Any) -> str:
        with executor.lock:
            going_on = sum(run.unfinished for run in runs_of(self))
            if going_on >= self.execution_property.get("MaxConcurrentRuns", 1):
                raise ConcurrentRunsExceededException(f"Concurrent runs exceeded for {self.name}")
            previous = get_job_run(self, previous_run_id) if previous_run_id else None
            run = new_run(self, requested, previous)
            runs_of(self).append(run)
            executor.start(self, run)
            return run.job_run_id

    def get_job_run(self: FakeJob, run_id: str) -> JobRun:
        run = _find(self, run_id)
        if run is None:
            raise JobRunNotFoundException(run_id)
        return run

    def get_job_runs(self: FakeJob) -> list[JobRun]:
        return runs_of(self)[::-1]

    def batch_stop_job_run(self: GlueResponse) -> ActionResult:
        name = self.parameters["JobName"]
        job = self.glue_backend.jobs.get(name)
        stopped, errors = [], []
        for run_id in self.parameters["JobRunIds"]:
            problem = _stop(executor, job, run_id)
            if problem:
                errors.append({"JobName": name, "JobRunId": run_id, "ErrorDetail": problem})
            else:
                stopped.append({"JobName": name, "JobRunId": run_id})
        return ActionResult({"SuccessfulSubmissions": stopped, "Errors": errors})

    def delete_job(self: GlueBackend, name: str) -> None:
        with executor.lock:
            job = self.jobs.pop(name, None)
            for run in runs_of(job) if job else []:
                if run.unfinished:
                    executor.stop(run)

    for owner, method in (
        (FakeJob, start_job_run),
        (FakeJob, get_job_run),
        (FakeJob, get_job_runs),
        (GlueResponse, batch_stop_job_run),
        (GlueBackend, delete_job),
    ):
        patch.replace(owner, method.__name__, method)


def _find(job: FakeJob | None, run_id: str) -> JobRun | None:
    runs = runs_of(job) if job else []
    return next((run for run in runs if run.job_run_id == run_id), None)


def _stop(executor: JobExecutor, job: FakeJob | None, run_id: str) -> dict[str, str] | None:
    """Stop a run; the error detail if that can't be done."""
    with executor.lock:
        run = _find(job, run_id)
        if run is None:
            return {"ErrorCode": "EntityNotFoundException", "ErrorMessage": f"Job run {run_id} not found."}
        if not run.unfinished or run.state == STOPPING:
            reason = f"Job run {run_id} is {run.state} and can't be stopped."
            return {"ErrorCode": "InvalidInputException", "ErrorMessage": reason}
        executor.stop(run)
    return None
