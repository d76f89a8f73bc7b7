"""Timeout, stopping, concurrency and retries."""

from __future__ import annotations

import subprocess
import threading

import pytest

from .signal_file import SignalFile
from .stage import GlueStage

HANGS = "import signal\nwhile True: signal.pause()\n"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n{HANGS}"
WITH_A_CHILD = """
import subprocess, sys
subprocess.Popen([sys.executable, "-c", '''
import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
{says}
while True: signal.pause()
'''])
"""


def group_is_gone(group: int) -> bool:
    """Whether nothing of a process group runs. In a container, what has ended (Z) may wait for ever."""
    listed = subprocess.run(["ps", "-A", "-o", "pgid=,stat="], capture_output=True, text=True, check=True)
    return not any(
        line.split()[0] == str(group) and not line.split()[1].startswith("Z")
        for line in listed.stdout.splitlines()
    )


def test_a_run_passes_through_its_states(stage: GlueStage, signal_file: SignalFile) -> None:
    job = stage.job(f"{signal_file.says}\n{signal_file.waits}")

    run_id = stage.start(job)
    signal_file.hear()
    running = stage.wait(job, run_id, "RUNNING")
    signal_file.release()
    ended = stage.wait(job, run_id)

    assert "CompletedOn" not in running
    assert ended["JobRunState"] == "SUCCEEDED"


def test_a_run_that_takes_too_long(stage: GlueStage, signal_file: SignalFile) -> None:
    job = stage.job(WITH_A_CHILD.format(says=signal_file.says) + STUBBORN, Timeout=60, MaxRetries=1)
    run_id = stage.start(job, Timeout=1)
    group = signal_file.hear()

    ended = stage.wait(job, run_id)

    assert ended["Timeout"] == 1
    assert ended["JobRunState"] == "TIMEOUT"
    assert "timeout of 1 minute" in ended["ErrorMessage"]
    assert group_is_gone(group)
    assert len(stage.glue.get_job_runs(JobName=job)["JobRuns"]) == 1


def test_a_stubborn_run_is_stopped_with_everything_it_started(
    stage: GlueStage, signal_file: SignalFile
) -> None:
    job = stage.job(WITH_A_CHILD.format(says=signal_file.says) + STUBBORN)
    run_id = stage.start(job)
    group = signal_file.hear()

    answer = stage.glue.batch_stop_job_run(JobName=job, JobRunIds=[run_id])
    state = stage.run(job, run_id)["JobRunState"]
    ended = stage.wait(job, run_id)

    assert answer["SuccessfulSubmissions"] == [{"JobName": job, "JobRunId": run_id}]
    assert state in ("STOPPING", "STOPPED")
    assert ended["JobRunState"] == "STOPPED"
    assert "ErrorMessage" not in ended
    assert group_is_gone(group)


def test_what_a_run_leaves_behind_is_ended(stage: GlueStage, signal_file: SignalFile) -> None:
    job = stage.job(f"{WITH_A_CHILD.format(says=signal_file.says)}\n{signal_file.waits}")
    run_id = stage.start(job)
    group = signal_file.hear()
    signal_file.release()

    assert stage.wait(job, run_id)["JobRunState"] == "SUCCEEDED"
    assert group_is_gone(group)


def test_a_run_that_waits_for_its_tools_can_be_stopped(slow_tools: threading.Event, stage: GlueStage) -> None:
    job = stage.job("")
    run_id = stage.start(job)

    stage.glue.batch_stop_job_run(JobName=job, JobRunIds=[run_id])
    ended = stage.wait(job, run_id)

    assert ended["JobRunState"] == "STOPPED"
    assert ended["ExecutionTime"] == 0
    assert not slow_tools.is_set()


def test_runs_that_can_not_be_stopped_are_told_apart(stage: GlueStage) -> None:
    job = stage.job("")
    run_id = stage.ended(job)["Id"]

    answer = stage.glue.batch_stop_job_run(JobName=job, JobRunIds=[run_id, "jr_unknown"])

    codes = {error["JobRunId"]: error["ErrorDetail"]["ErrorCode"] for error in answer["Errors"]}
    assert codes == {run_id: "InvalidInputException", "jr_unknown": "EntityNotFoundException"}
    assert answer["SuccessfulSubmissions"] == []


def test_concurrent_runs_are_limited(stage: GlueStage, signal_file: SignalFile) -> None:
    job = stage.job(signal_file.waits, ExecutionProperty={"MaxConcurrentRuns": 1})
    first = stage.start(job)

    with pytest.raises(stage.glue.exceptions.ConcurrentRunsExceededException, match=job):
        stage.start(job)
    signal_file.release()

    assert stage.wait(job, first)["JobRunState"] == "SUCCEEDED"
    assert len(stage.glue.get_job_runs(JobName=job)["JobRuns"]) == 1


def test_as_many_runs_as_allowed_are_going_on_at_once(stage: GlueStage, signal_file: SignalFile) -> None:
    job = stage.job(f"{signal_file.says}\n{signal_file.waits}", ExecutionProperty={"MaxConcurrentRuns": 2})
    runs = [stage.start(job), stage.start(job)]

    for run_id in runs:
        stage.wait(job, run_id, "RUNNING")
    for run_id in runs:
        stage.glue.batch_stop_job_run(JobName=job, JobRunIds=[run_id])

    assert [stage.wait(job, run_id)["JobRunState"] for run_id in runs] == ["STOPPED", "STOPPED"]


def test_a_failed_run_is_tried_again_as_often_as_its_job_says(stage: GlueStage) -> None:
    job = stage.job("raise ValueError('again')", MaxRetries=2)

    first = stage.ended(job)
    last = stage.wait(job, f"{first['Id']}_attempt_2")

    runs = stage.glue.get_job_runs(JobName=job)["JobRuns"]
    assert [run["Id"].removeprefix(first["Id"]) for run in runs] == ["_attempt_2", "_attempt_1", ""]
    assert [run["Attempt"] for run in runs] == [2, 1, 0]
    assert [run["JobRunState"] for run in runs] == ["FAILED"] * 3
    assert last["PreviousRunId"] == f"{first['Id']}_attempt_1"


def test_a_retry_may_succeed(stage: GlueStage) -> None:
    script = """
        import sys
        if sys.argv[sys.argv.index("--JOB_RUN_ID") + 1].endswith("_attempt_1"):
            sys.exit(0)
        raise ValueError("the first time")
    """
    job = stage.job(script, MaxRetries=2)

    first = stage.ended(job)
    second = stage.wait(job, f"{first['Id']}_attempt_1")

    assert (first["JobRunState"], second["JobRunState"]) == ("FAILED", "SUCCEEDED")
    assert len(stage.glue.get_job_runs(JobName=job)["JobRuns"]) == 2


def test_a_stopped_run_is_not_tried_again(stage: GlueStage, signal_file: SignalFile) -> None:
    job = stage.job(f"{signal_file.says}\n{HANGS}", MaxRetries=1)
    run_id = stage.start(job)
    signal_file.hear()

    stage.glue.batch_stop_job_run(JobName=job, JobRunIds=[run_id])
    stage.wait(job, run_id)

    assert len(stage.glue.get_job_runs(JobName=job)["JobRuns"]) == 1


def test_the_runs_of_a_job_that_is_deleted_are_stopped(stage: GlueStage, signal_file: SignalFile) -> None:
    job = stage.job(f"{signal_file.says}\n{HANGS}")
    stage.start(job)
    group = signal_file.hear()

    stage.glue.delete_job(JobName=job)
    stage.wait_until(lambda: group_is_gone(group))

    with pytest.raises(stage.glue.exceptions.EntityNotFoundException):
        stage.glue.get_job(JobName=job)
