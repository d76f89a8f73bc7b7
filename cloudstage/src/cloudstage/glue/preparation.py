"""Gather what a job run is made of: its script, its packages, its Spark."""

from __future__ import annotations

import contextlib
import threading
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from cloudstage.context import Context
from cloudstage.glue import files, modules, spark
from cloudstage.glue.arguments import JobArguments
from cloudstage.glue.driver import driver_command, driver_environment
from cloudstage.glue.failure import RunFailedError
from cloudstage.glue.interruption import unless_stopped
from cloudstage.glue.job_run import JobRun
from cloudstage.glue.settings import Settings
from cloudstage.glue.tools import Tools
from cloudstage.iam import roles

SPARK_COMMAND = "glueetl"


@dataclass(frozen=True)
class Plan:
    """All that is needed to start a driver, and the files it leaves: its output, and why it failed."""

    command: list[str]
    environment: dict[str, str]
    output: Path
    failure_report: Path


@dataclass
class Preparation:
    """The preparation of one run in a directory of its own."""

    context: Context
    settings: Settings
    run: JobRun
    directory: Path
    stopping: threading.Event

    @property
    def output(self) -> Path:
        """Where the driver's standard output and error go."""
        return self.directory / "output.log"

    @property
    def spark_log(self) -> Path:
        """Where Spark logs, and this preparation before it."""
        return self.directory / "spark.log"

    def prepare(self) -> Plan:
        """Fetch and install everything; what is missing on this machine is noted in ``spark_log`` first.

        Raises:
            RunStoppedError: ``stopping`` was set.
            RunFailedError: the job names something that does not exist or can't be had.
            CloudstageError: this machine lacks something that every job needs.
        """
        self._refuse_other_kinds()
        script = files.fetch(self._s3, self.run.script_location, self.directory / "script", "ScriptLocation")
        packages = self._fetch("--extra-py-files", self._given.extra_py_files)
        tools = unless_stopped(
            self.stopping, lambda: self.settings.provide_tools(self.settings.version, self._note)
        )
        import_path = [*files.import_path(packages), *self._additional_modules(tools)]
        python, report = tools.runtime.python, self.directory / "failure.json"
        environment = driver_environment(python, self.directory, import_path, self._role_environment)
        for uri in self._given.extra_files:
            files.fetch(self._s3, uri, Path(environment["PWD"]), "--extra-files")
        if tools.spark:
            environment |= self._configure_spark(tools.spark)
        command_line = self._given.command_line(self.run.job_name, self.run.job_run_id)
        command = driver_command(python, script, command_line, report)
        return Plan(command, environment, self.output, report)

    @cached_property
    def _given(self) -> JobArguments:
        return JobArguments(self.run.arguments)

    def role_client(self, service: str) -> Any:
        """A client with the credentials of the job's role, by which AWS Glue fetches what a run needs, and logs.

        Raises:
            RoleNotAssumableError: AWS Glue can't take on the role.
        """
        return roles.client(service, self._role_environment)

    @cached_property
    def _role_environment(self) -> dict[str, str]:
        return self.context.role_environment(self.run.role, "glue.amazonaws.com", "GlueJobRunnerSession")

    @cached_property
    def _s3(self) -> Any:
        return self.role_client("s3")

    def _refuse_other_kinds(self) -> None:
        version = self.settings.version.name
        if self.run.command_name != SPARK_COMMAND:
            raise RunFailedError(
                f"The cloudstage runs Spark jobs ({SPARK_COMMAND}), not {self.run.command_name!r}; "
                "change the command's name in the job's definition"
            )
        if self.run.glue_version != version:
            raise RunFailedError(
                f"The cloudstage has AWS Glue {version}, the job is defined for {self.run.glue_version!r}; "
                "change the job's glue_version"
            )

    def _fetch(self, argument: str, uris: list[str]) -> list[Path]:
        return files.fetch_all(self._s3, uris, self.directory / argument.lstrip("-"), argument)

    def _additional_modules(self, tools: Tools) -> list[Path]:
        wanted = self._given.python_modules
        if not wanted:
            return []
        addresses = [one for one in wanted if one.startswith("s3://")]
        wheels = self._fetch("--additional-python-modules", addresses)
        self._note(f"Additional Python modules: {', '.join(wanted)}")
        requirements = [one for one in wanted if one not in addresses]
        installed = unless_stopped(
            self.stopping, lambda: modules.install(tools.runtime, requirements, wheels)
        )
        return [installed]

    def _configure_spark(self, installation: spark.SparkInstallation) -> dict[str, str]:
        wishes = spark.SparkWishes(
            iceberg=self._given.uses_iceberg,
            extra_jars=tuple(self._fetch("--extra-jars", self._given.extra_jars)),
            settings=self._given.spark_settings,
        )
        return spark.configure(installation, self.directory, self.context.environment, wishes)

    def _note(self, line: str) -> None:
        """Tell those who follow the run why it has not started yet, for as long as there is a run."""
        with contextlib.suppress(FileNotFoundError), self.spark_log.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")
