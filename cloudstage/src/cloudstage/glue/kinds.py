"""What a job's command asks for: Spark, or the Python shell; and which versions it gets here.

Source: "Configuring job properties for Python shell jobs in AWS Glue" in the AWS Glue developer guide.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cloudstage.glue.arguments import JobArguments
from cloudstage.glue.failure import RunFailedError
from cloudstage.glue.job_run import JobRun
from cloudstage.glue.settings import Settings
from cloudstage.glue.tools import Report, Tools
from cloudstage.runtimes import interpreters

SPARK_COMMAND = "glueetl"
SHELL_COMMAND = "pythonshell"
SHELL_LOG_GROUP = "/aws-glue/python-jobs"
SHELL_PYTHON = "3.9"
_SHELL_RUNTIMES = {"analytics": f"pythonshell-{SHELL_PYTHON}", "none": f"pythonshell_none-{SHELL_PYTHON}"}


@dataclass(frozen=True)
class Kind:
    """How runs of a command get their tools; ``remark`` is for the run's log, where it gets other than it asks for."""

    provide_tools: Callable[[Report], Tools]
    remark: str | None = None


def kind_of(run: JobRun, settings: Settings) -> Kind:
    """The kind of a run.

    Raises:
        RunFailedError: the command is one that does not run here, or it asks for what does not exist.
    """
    if run.command_name == SPARK_COMMAND:
        version = settings.version
        return Kind(lambda report: settings.provide_tools(version, report), _glue_version(run, settings))
    if run.command_name == SHELL_COMMAND:
        return _shell(run, settings)
    raise RunFailedError(
        f"A cloudstage runs Spark jobs ({SPARK_COMMAND}) and Python shell jobs ({SHELL_COMMAND}), "
        f"not {run.command_name!r}; change the command's name in the job's definition"
    )


def _glue_version(run: JobRun, settings: Settings) -> str | None:
    here = settings.version
    if run.glue_version == here.name:
        return None
    asked = (
        f"Glue {run.glue_version} is not available here"
        if run.glue_version
        else "The job names no Glue version"
    )
    return f"{asked}; this run uses {here.name}'s Spark {here.spark} and Python {here.python}"


def _shell(run: JobRun, settings: Settings) -> Kind:
    library_set = JobArguments(run.arguments).library_set
    if library_set not in _SHELL_RUNTIMES:
        known = " and ".join(_SHELL_RUNTIMES)
        raise RunFailedError(f"library-set has {library_set!r}, the library sets are {known}")
    python, runtime = SHELL_PYTHON, _SHELL_RUNTIMES[library_set]
    if interpreters.bring(SHELL_PYTHON) is None:
        # The packages of Python 3.9 can't be installed into another one. These are the nearest there are.
        python = settings.version.python
        runtime = settings.version.runtime if library_set == "analytics" else f"lambda-python{python}"
    asked = run.python_version or "3.6, the default,"
    remark = None
    if asked != python:
        remark = f"Python {asked} is not available here; this run uses Python {python} with the packages of {runtime}"
    return Kind(lambda report: settings.provide_shell(runtime, report), remark)
