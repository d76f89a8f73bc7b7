"""A run of a deployed Glue job, started through the Glue API and followed to its end."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ops.errors import ConfigurationError, JobFailedError
from ops.jobs.log_tail import LogTail, summary_in

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
