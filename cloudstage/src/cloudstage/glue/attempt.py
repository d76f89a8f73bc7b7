"""One attempt of a job run, from fetching its script to the end of its driver."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from cloudstage.context import Context
from cloudstage.errors import CloudstageError
from cloudstage.glue.arguments import JobArguments
from cloudstage.glue.driver import Driver, RunPlan
from cloudstage.glue.failure import RunFailedError, explain
from cloudstage.glue.interruption import RunStoppedError
from cloudstage.glue.job_run import FAILED, STOPPED, SUCCEEDED, TIMEOUT, JobRun
from cloudstage.glue.logs import LogFollower, LogStream
from cloudstage.glue.preparation import Preparation
from cloudstage.glue.settings import Settings

log = logging.getLogger(__name__)
POLL_SECONDS = 0.1


@dataclass(frozen=True)
class RunOutcome:
    """The state an attempt ended in, and why if it did not succeed."""

    state: str
    error_message: str | None = None


@dataclass
class Attempt:
    """Performs one attempt in the thread that calls ``perform``; ``stop`` may be called from any other.

    ``directory`` is of this attempt alone; ``entered_running`` is called when the driver was started.
    """

    context: Context
    settings: Settings
    run: JobRun
    directory: Path
    entered_running: Callable[[JobRun], None]
    _stopping: threading.Event = field(default_factory=threading.Event)

    def stop(self) -> None:
        """Make ``perform`` end the driver, or not start it, and return soon."""
        self._stopping.set()

    def perform(self) -> RunOutcome:
        """Run the attempt to its end. Whatever goes wrong becomes the outcome."""
        try:
            self.directory.mkdir(parents=True)
            preparation = Preparation(self.context, self.settings, self.run, self.directory, self._stopping)
            with LogFollower(self._log_files(preparation), self.settings.log_interval):
                plan = preparation.prepare()
                return RunOutcome(STOPPED) if self._stopping.is_set() else self._run_driver(plan)
        except RunStoppedError:
            return RunOutcome(STOPPED)
        except (RunFailedError, CloudstageError) as error:
            return RunOutcome(FAILED, str(error))
        except Exception as error:  # a run must end in a state, also by a mistake of this executor
            log.exception("The Glue executor failed to run %s", self.run.job_run_id)
            return RunOutcome(
                FAILED, f"The local Glue executor failed: {error!r}; see the cloudstage's server.log"
            )

    def _log_files(self, preparation: Preparation) -> dict[Path, LogStream]:
        client, given = preparation.role_client("logs"), JobArguments(self.run.arguments)
        group, stream = self.run.log_group_name, given.log_stream(self.run.job_run_id)
        return {
            preparation.output: LogStream(client, f"{group}/output", stream),
            preparation.error_log: LogStream(client, f"{group}/error", stream),
        }

    def _run_driver(self, plan: RunPlan) -> RunOutcome:
        driver = Driver(plan, self.settings.grace_seconds)
        self.entered_running(self.run)
        try:
            return self._follow(driver, plan)
        finally:
            driver.end()

    def _follow(self, driver: Driver, plan: RunPlan) -> RunOutcome:
        deadline = time.monotonic() + self.run.timeout * self.settings.seconds_per_minute
        while (code := driver.wait(POLL_SECONDS)) is None:
            if self._stopping.is_set():
                return RunOutcome(STOPPED)
            if time.monotonic() >= deadline:
                minutes = "1 minute" if self.run.timeout == 1 else f"{self.run.timeout} minutes"
                return RunOutcome(TIMEOUT, f"The job run took longer than its timeout of {minutes}")
        return RunOutcome(SUCCEEDED) if code == 0 else RunOutcome(FAILED, explain(code, plan.failure_report))
