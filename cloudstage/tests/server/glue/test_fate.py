"""How a run ends, and what Glue says of it."""

from __future__ import annotations

import datetime

import pytest

from .stage import GlueStage


def test_a_run_that_succeeds(stage: GlueStage) -> None:
    job = stage.job("print('done')")

    run = stage.ended(job)

    assert run["JobRunState"] == "SUCCEEDED"
    assert "ErrorMessage" not in run
    assert run["StartedOn"] <= run["LastModifiedOn"] == run["CompletedOn"]
    assert run["StartedOn"] > datetime.datetime.now(datetime.UTC) - datetime.timedelta(minutes=2)
    assert run["Attempt"] == 0
    assert run["ExecutionTime"] >= 0
    assert (run["WorkerType"], run["NumberOfWorkers"], run["MaxCapacity"]) == ("G.1X", 2, 2.0)
    assert (run["GlueVersion"], run["Timeout"], run["JobName"]) == ("5.1", 60, job)


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("raise ValueError('boom')", "ValueError: boom"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("import sys; sys.exit(3)", "SystemExit: 3"),
        ("raise SystemExit('no data today')", "SystemExit: no data today"),
        ("import os; os._exit(7)", "Command failed with exit code 7"),
        ("def broken(:", "SyntaxError: invalid syntax (main.py, line 1)"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "Command was killed by SIGSEGV"),
        ("try:\n 1/0\nexcept Exception as e: raise LookupError('row 7') from e", "LookupError: row 7"),
    ],
)
def test_a_run_that_fails_says_why(stage: GlueStage, script: str, message: str) -> None:
    run = stage.ended(stage.job(script))

    assert (run["JobRunState"], run["ErrorMessage"]) == ("FAILED", message)


@pytest.mark.parametrize("script", ["import sys; sys.exit()", "import sys; sys.exit(0)"])
def test_an_exit_without_a_code_is_a_success(stage: GlueStage, script: str) -> None:
    assert stage.ended(stage.job(script))["JobRunState"] == "SUCCEEDED"


def test_memory_that_runs_out_is_named(stage: GlueStage) -> None:
    run = stage.ended(stage.job("import os, signal; os.kill(os.getpid(), signal.SIGKILL)"))

    assert run["JobRunState"] == "FAILED"
    assert "SIGKILL" in run["ErrorMessage"]
    assert "memory" in run["ErrorMessage"]


def test_the_traceback_in_the_log_starts_at_the_script(stage: GlueStage) -> None:
    job = stage.job("def broken():\n    raise ValueError('boom')\n\nbroken()\n")
    run = stage.ended(job)

    trace = stage.output(job, run["Id"])

    assert trace[0] == "Traceback (most recent call last):"
    assert trace[1].strip().endswith('main.py", line 4, in <module>')
    assert trace[-1] == "ValueError: boom"


def test_a_script_that_does_not_exist(stage: GlueStage) -> None:
    command = {"Name": "glueetl", "ScriptLocation": "s3://deployed/nowhere/main.py"}

    run = stage.ended(stage.job("", Command=command))

    assert run["JobRunState"] == "FAILED"
    assert run["ErrorMessage"].startswith("ScriptLocation: s3://deployed/nowhere/main.py can't be read")


def test_a_run_leaves_no_files(stage: GlueStage) -> None:
    run = stage.ended(stage.job("open('left-behind', 'w').close()"))

    assert not (stage.context.directory / "glue" / run["Id"]).exists()
