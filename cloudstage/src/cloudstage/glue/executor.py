"""Runs what is deployed: each job run is a thread that follows one driver process."""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from moto.glue.models import FakeJob, glue_backends

from cloudstage.context import Context
from cloudstage.glue import events
from cloudstage.glue.attempt import Attempt, RunOutcome
from cloudstage.glue.job_run import FAILED, RUNNING, STOPPED, STOPPING, JobRun, runs_of
from cloudstage.glue.settings import Settings

log = logging.getLogger(__name__)
INTERRUPTED = (
    "The cloudstage stopped while this run was going on. Start it again; what it had not committed is lost."
)


class JobExecutor:
    """The job runs of one cloudstage that are going on. What is durable is in moto's jobs."""

    def __init__(self, context: Context, settings: Settings) -> None:
        self._context, self._settings = context, settings
        self._directory = context.directory / "glue"
        self._attempts: dict[str, Attempt] = {}
        self._threads: list[threading.Thread] = []
        self._after_run: list[Callable[[], None]] = []
        self._closing = False
        self.lock = threading.RLock()
        """Held while the state of a run is changed, or read for a decision."""

    def after_run(self, callback: Callable[[], None]) -> None:
        """Call ``callback`` whenever a run has ended."""
        self._after_run.append(callback)

    def start(self, job: FakeJob, run: JobRun) -> None:
        """Begin a run that was just added to its job."""
        with self.lock:
            self._threads = [thread for thread in self._threads if thread.is_alive()]
            thread = threading.Thread(
                target=self._work, args=(job, run), name=f"glue-{run.job_name}", daemon=True
            )
            self._attempts[run.job_run_id] = self._attempt(run)
            self._threads.append(thread)
            thread.start()

    def stop(self, run: JobRun) -> None:
        """Ask a run to stop; it is STOPPING until its process has ended."""
        with self.lock:
            attempt = self._attempts.get(run.job_run_id)
            run.enter(
                STOPPING if attempt else STOPPED
            )  # a killed cloudstage's run, not yet recovered, has none
            if attempt:
                attempt.stop()

    def recover(self) -> None:
        """Fail the runs that a cloudstage which was killed has left unfinished, and remove their files."""
        with self.lock:
            for directory in self._directory.glob("*"):
                if directory.name not in self._attempts:
                    shutil.rmtree(directory, ignore_errors=True)
            left = [run for run in self._unfinished() if run.job_run_id not in self._attempts]
            for run in left:
                run.enter(FAILED, INTERRUPTED)
        for run in left:
            self._tell(run)

    def close(self) -> None:
        """End every run; called when the cloudstage stops."""
        with self.lock:
            self._closing = True
            for attempt in self._attempts.values():
                attempt.stop()
            threads = list(self._threads)
        for thread in threads:
            thread.join()

    def _unfinished(self) -> Iterator[JobRun]:
        for backend in glue_backends[self._context.account_id].values():
            for job in backend.jobs.values():
                yield from (run for run in runs_of(job) if run.unfinished)

    def _attempt(self, run: JobRun) -> Attempt:
        return Attempt(self._context, self._settings, run, self._run_directory(run), self._entered_running)

    def _run_directory(self, run: JobRun) -> Path:
        return self._directory / run.job_run_id

    def _entered_running(self, run: JobRun) -> None:
        with self.lock:
            if run.unfinished and run.state != STOPPING:
                run.enter(RUNNING)
        self._context.changed()

    def _work(self, job: FakeJob, run: JobRun) -> None:
        following: JobRun | None = run
        while following is not None:
            run = following
            with self.lock:
                attempt = self._attempts[run.job_run_id]
            outcome = attempt.perform()
            shutil.rmtree(self._run_directory(run), ignore_errors=True)
            with self.lock:
                del self._attempts[run.job_run_id]
                if self._closing and outcome.state == STOPPED:
                    outcome = RunOutcome(FAILED, INTERRUPTED)
                run.enter(outcome.state, outcome.error_message)
                following = self._retry(job, run)
            self._tell(run)
        for callback in self._after_run:
            callback()

    def _retry(self, job: FakeJob, failed: JobRun) -> JobRun | None:
        """AWS Glue repeats a run that failed, not one that was stopped or ran out of time."""
        if self._closing or failed.state != FAILED or failed.attempt >= (job.max_retries or 0):
            return None
        run = failed.next_attempt()
        runs_of(job).append(run)
        self._attempts[run.job_run_id] = self._attempt(run)
        return run

    def _tell(self, run: JobRun) -> None:
        """Tell EventBridge and the cloudstage that a run has ended; without the lock, since targets may start runs."""
        try:
            events.publish(self._context.client("events"), run)
        except Exception:  # a rule's broken target must not keep the next attempt from starting
            log.exception("EventBridge was not told that %s ended", run.job_run_id)
        self._context.changed()
