"""A run of a deployed Glue job, started through the Glue API and followed to its end."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ops.deployment import Deployment
from ops.errors import ConfigurationError, JobFailedError
from ops.jobs.deployed import DeployedJob
from ops.jobs.log_tail import LogTail, message_in, summary_in

ENDED = frozenset({"SUCCEEDED", "FAILED", "TIMEOUT", "STOPPED", "ERROR", "EXPIRED"})
_POLL_SECONDS = 0.25


@dataclass(frozen=True)
class Outcome:
    """How a run ended.

    Attributes:
        run_id: as Glue gave it.
        state: SUCCEEDED, FAILED, TIMEOUT, STOPPED, ERROR or EXPIRED.
        seconds: execution time as Glue counts it, in whole seconds.
        error: Glue's error message, empty where there is none.
        summary: what the job said of itself, empty if it said nothing.
    """

    run_id: str
    state: str
    seconds: int
    error: str
    summary: dict[str, Any]


def run(
    deployment: Deployment, job: DeployedJob, arguments: Mapping[str, str], say: Callable[[str], None]
) -> Outcome:
    """Start the deployed job and follow it to its end, telling `say` what it logs.

    Raises:
        JobFailedError: Glue refused to start it. A run that fails is an outcome like any other, see `check`.
    """
    glue = deployment.client("glue")
    run_id = start(glue, job.name, arguments)
    say(f"Started {job.name}, run {run_id}")
    tail = LogTail(deployment.client("logs"), job.own_log_groups, run_id)
    return follow(glue, tail, job.name, run_id, lambda line: say(message_in(line)))


def check(outcome: Outcome, job: DeployedJob, options: str) -> None:
    """Raise JobFailedError, which says where the log is, if the run did not succeed."""
    if outcome.state != "SUCCEEDED":
        raise JobFailedError(
            f"{job.name} ended {outcome.state} after {outcome.seconds} s (run {outcome.run_id})"
            + (f": {outcome.error}" if outcome.error else "")
            + f"\nIts log: dst logs {job.directory} --run {outcome.run_id}{options}"
        )


def latest(glue: Any, job: DeployedJob) -> str:
    """The id of the job's latest run.

    Raises:
        ConfigurationError: it has not run yet.
    """
    runs = glue.get_job_runs(JobName=job.name, MaxResults=1)["JobRuns"]
    if not runs:
        raise ConfigurationError(f"{job.name} has not run yet; start it: dst run {job.directory}")
    return str(runs[0]["Id"])


def start(glue: Any, name: str, arguments: Mapping[str, str]) -> str:
    """Start a deployed job by its deployed name; return the run's id.

    Raises:
        JobFailedError: Glue refused, for instance because the job's concurrency limit is reached.
        ConfigurationError: there is no such job.
    """
    given = {f"--{key}": value for key, value in arguments.items()}
    try:
        return str(glue.start_job_run(JobName=name, Arguments=given)["JobRunId"])
    except glue.exceptions.EntityNotFoundException:
        raise ConfigurationError(f"Glue has no job {name!r}; deploy it: dst apply") from None
    except glue.exceptions.ConcurrentRunsExceededException:
        raise JobFailedError(
            f"{name} already runs as often as it may at once (max_concurrent_runs in its job.json); "
            "wait for that run to end"
        ) from None


def follow(glue: Any, tail: LogTail, name: str, run_id: str, say: Callable[[str], None]) -> Outcome:
    """Wait for a run's end and tell `say` each line it logs; an interrupt stops the run first."""
    summary: dict[str, Any] = {}

    def read() -> None:
        for line in tail.new_lines():
            found = summary_in(line)
            if found is None:
                say(line)
            else:
                summary.update(found)

    try:
        while True:
            run = glue.get_job_run(JobName=name, RunId=run_id)["JobRun"]
            read()
            if run["JobRunState"] in ENDED:
                break
            time.sleep(_POLL_SECONDS)
    except KeyboardInterrupt:
        glue.batch_stop_job_run(JobName=name, JobRunIds=[run_id])
        raise
    return Outcome(
        run_id, run["JobRunState"], run.get("ExecutionTime", 0), run.get("ErrorMessage", ""), summary
    )
