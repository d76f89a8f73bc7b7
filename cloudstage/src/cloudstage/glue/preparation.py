"""Gather what a job run is made of: its script, its packages, its Spark."""

from __future__ import annotations

import contextlib
import threading
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from cloudstage.context import Context
from cloudstage.glue import dataplane, files, modules, shell, spark
from cloudstage.glue.arguments import JobArguments
from cloudstage.glue.driver import RunPlan, driver_command, driver_environment
from cloudstage.glue.interruption import unless_stopped
from cloudstage.glue.job_run import JobRun
from cloudstage.glue.kinds import SHELL_COMMAND, kind_of
from cloudstage.glue.settings import Settings
from cloudstage.glue.tools import Tools
from cloudstage.iam import roles


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
    def error_log(self) -> Path:
        """Where Spark logs or a Python shell job's standard error goes, and before it this preparation."""
        return self.directory / "spark.log"

    def prepare(self) -> RunPlan:
        """Fetch and install everything; what is missing on this machine is noted in ``error_log`` first.

        Raises:
            RunStoppedError: ``stopping`` was set.
            RunFailedError: the job names something that does not exist or can't be had.
            CloudstageError: this machine lacks something that every job needs.
        """
        kind = kind_of(self.run, self.settings)
        if kind.remark:
            self._note(kind.remark)
        script = files.fetch(self._s3, self.run.script_location, self.directory / "script", "ScriptLocation")
        packages = self._fetch("--extra-py-files", self._given.extra_py_files)
        tools = unless_stopped(self.stopping, lambda: kind.provide_tools(self._note))
        import_path = [*files.import_path(packages), *self._additional_modules(tools)]
        prepared = self._shell if self.run.command_name == SHELL_COMMAND else self._spark
        return prepared(tools, script, import_path)

    def _shell(self, tools: Tools, script: Path, import_path: list[Path]) -> RunPlan:
        environment = self._environment(tools, [*import_path, shell.IMPORT_PATH])
        command_line = self._given.shell_command_line(self.run.script_location)
        return self._plan(tools, script, command_line, environment, self.error_log)

    def _spark(self, tools: Tools, script: Path, import_path: list[Path]) -> RunPlan:
        archives = [*dataplane.archives(), *self._fetch("--extra-jars", self._given.extra_jars)]
        environment = self._environment(tools, [*import_path, *dataplane.import_path(archives)])
        for uri in self._given.extra_files:
            files.fetch(self._s3, uri, Path(environment["PWD"]), "--extra-files")
        if tools.spark:
            environment |= self._configure_spark(tools.spark, archives)
        command_line = self._given.command_line(self.run.job_name, self.run.job_run_id)
        return self._plan(tools, script, command_line, environment, self.output)

    def _environment(self, tools: Tools, import_path: list[Path]) -> dict[str, str]:
        return driver_environment(tools.runtime.python, self.directory, import_path, self._role_environment)

    def _plan(
        self, tools: Tools, script: Path, command_line: list[str], environment: dict[str, str], errors: Path
    ) -> RunPlan:
        report = self.directory / "failure.json"
        command = driver_command(tools.runtime.python, script, command_line, report)
        return RunPlan(command, environment, self.output, errors, report)

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

    def _configure_spark(self, installation: spark.SparkInstallation, archives: list[Path]) -> dict[str, str]:
        wishes = spark.SparkWishes(
            iceberg=self._given.uses_iceberg,
            extra_jars=tuple(archives),
            settings=self._given.spark_settings,
        )
        return spark.configure(installation, self.directory, self.context.environment, wishes)

    def _note(self, line: str) -> None:
        """Tell those who follow the run why it has not started yet, for as long as there is a run."""
        with contextlib.suppress(FileNotFoundError), self.error_log.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")
