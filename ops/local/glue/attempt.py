"""One attempt of a job run, from fetching its script to the end of its driver."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from moto.glue.models import FakeJob

from ops.errors import OpsError
from ops.local.context import StageContext
from ops.local.glue import files, modules, spark
from ops.local.glue.arguments import JobArguments
from ops.local.glue.driver import Driver, driver_command, driver_environment
from ops.local.glue.failure import RunFailedError, explain
from ops.local.glue.job_run import FAILED, STOPPED, SUCCEEDED, TIMEOUT, JobRun
from ops.local.glue.logs import LogFollower, LogStream
from ops.local.glue.settings import Settings, Tools

log = logging.getLogger(__name__)
POLL_SECONDS = 0.1


@dataclass(frozen=True)
class Outcome:
    """The state an attempt ended in, and why if it did not succeed."""

    state: str
    error_message: str | None = None


@dataclass(frozen=True)
class _Plan:
    """All that is needed to start the driver."""

    command: list[str]
    environment: dict[str, str]


class Attempt:
    """Performs one attempt in the thread that calls ``perform``; ``stop`` may be called from any other."""

    def __init__(
        self,
        context: StageContext,
        settings: Settings,
        job: FakeJob,
        run: JobRun,
        directory: Path,
        entered_running: Callable[[JobRun], None],
    ) -> None:
        self._context, self._settings, self._job, self._run = context, settings, job, run
        self._directory = directory
        self._entered_running = entered_running
        self._arguments = JobArguments(run.arguments)
        self._stopping = threading.Event()
        self._output, self._spark_log = directory / "output.log", directory / "spark.log"
        self._report = directory / "failure.json"

    def stop(self) -> None:
        """Make ``perform`` end the driver, or not start it, and return soon."""
        self._stopping.set()

    def perform(self) -> Outcome:
        """Run the attempt to its end. Whatever goes wrong becomes the outcome."""
        try:
            self._directory.mkdir(parents=True)
            with LogFollower(self._log_files(), self._settings.log_interval):
                return self._run_driver(self._prepare())
        except (RunFailedError, OpsError) as error:
            return Outcome(STOPPED) if self._stopping.is_set() else Outcome(FAILED, str(error))
        except Exception as error:  # a run must end in a state, also by a mistake of this executor
            log.exception("The Glue executor failed to run %s", self._run.job_run_id)
            return Outcome(FAILED, f"The local Glue executor failed: {error!r}; see server.log of the stage")

    def _log_files(self) -> dict[Path, LogStream]:
        client = self._context.client("logs")
        group, stream = self._arguments.log_group, self._arguments.log_stream(self._run.job_run_id)
        return {
            self._output: LogStream(client, f"{group}/output", stream),
            self._spark_log: LogStream(client, f"{group}/error", stream),
        }

    def _prepare(self) -> _Plan:
        s3, given = self._context.client("s3"), self._arguments
        location = given.script_location(self._job.command["ScriptLocation"])
        script = files.fetch(s3, location, self._directory / "script", "ScriptLocation")
        packages = files.fetch_all(s3, given.extra_py_files, self._directory / "py-files", "--extra-py-files")
        tools = self._settings.provide_tools(self._note)
        import_path = [*files.import_path(packages), *self._additional_modules(tools)]
        python = tools.runtime.python
        environment = driver_environment(python, self._directory, import_path, self._context.environment)
        if tools.spark:
            environment |= self._configure_spark(tools.spark)
        command_line = given.command_line(self._run.job_name, self._run.job_run_id)
        return _Plan(driver_command(python, script, command_line, self._report), environment)

    def _additional_modules(self, tools: Tools) -> list[Path]:
        wanted = self._arguments.python_modules
        if not wanted:
            return []
        addresses = [one for one in wanted if one.startswith("s3://")]
        wheels = files.fetch_all(
            self._context.client("s3"), addresses, self._directory / "modules", "--additional-python-modules"
        )
        return [modules.install(tools.runtime, [one for one in wanted if one not in addresses], wheels)]

    def _configure_spark(self, installation: spark.SparkInstallation) -> dict[str, str]:
        given = self._arguments
        s3 = self._context.client("s3")
        return spark.configure(
            installation,
            self._directory,
            self._context.environment,
            iceberg=given.uses_iceberg,
            extra_jars=files.fetch_all(s3, given.extra_jars, self._directory / "jars", "--extra-jars"),
            settings=given.spark_settings,
        )

    def _run_driver(self, plan: _Plan) -> Outcome:
        if self._stopping.is_set():
            return Outcome(STOPPED)
        working_directory = self._directory / "work"
        working_directory.mkdir()
        for uri in self._arguments.extra_files:
            files.fetch(self._context.client("s3"), uri, working_directory, "--extra-files")
        driver = Driver(plan.command, working_directory, plan.environment, self._output)
        self._entered_running(self._run)
        try:
            return self._follow(driver)
        finally:
            driver.end(self._settings.grace_seconds)

    def _follow(self, driver: Driver) -> Outcome:
        deadline = time.monotonic() + self._run.timeout * self._settings.seconds_per_minute
        while (code := driver.wait(POLL_SECONDS)) is None:
            if self._stopping.is_set():
                return Outcome(STOPPED)
            if time.monotonic() >= deadline:
                return Outcome(
                    TIMEOUT, f"The job run took longer than its timeout of {self._run.timeout} minutes"
                )
        return Outcome(SUCCEEDED) if code == 0 else Outcome(FAILED, explain(code, self._report))

    def _note(self, line: str) -> None:
        """Tell those who follow the run why it has not started yet."""
        with self._spark_log.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")
