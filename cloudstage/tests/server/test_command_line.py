"""The ``cloudstage`` command, as a shell and a person use it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import boto3
import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    """Runs the command in an empty directory."""

    def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "cloudstage", *arguments],
            cwd=tmp_path,
            env=os.environ | variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    yield run
    run("down", "--delete-data")


def exported(shell: str) -> dict[str, str]:
    """The variables that a shell has after evaluating what ``env`` printed."""
    script = f"{shell}\nexec {sys.executable} -c 'import json, os; print(json.dumps(dict(os.environ)))'"
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True)
    variables: dict[str, str] = json.loads(done.stdout)
    return variables


def test_up_env_status_logs_down(run: Run, tmp_path: Path) -> None:
    up = run("up", "--region", "eu-west-3", "--account-id", "210987654321")
    assert up.returncode == 0, up.stderr

    status = json.loads(run("status", "--json").stdout)
    assert (status["region"], status["account_id"]) == ("eu-west-3", "210987654321")
    assert status["directory"] == str(tmp_path / ".cloudstage")
    assert status["endpoint"] in up.stdout
    shell = run("env", AWS_PROFILE="production", AWS_SESSION_TOKEN="real")
    variables = exported(f"export AWS_PROFILE=production\n{shell.stdout}")
    assert "AWS_PROFILE" not in variables
    assert variables["AWS_ENDPOINT_URL"] == status["endpoint"]
    assert variables["AWS_REGION"] == "eu-west-3"
    identity = boto3.client(
        "sts",
        endpoint_url=variables["AWS_ENDPOINT_URL"],
        region_name=variables["AWS_REGION"],
        aws_access_key_id=variables["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=variables["AWS_SECRET_ACCESS_KEY"],
    ).get_caller_identity()
    assert identity["Account"] == "210987654321"
    assert run("logs").returncode == 0

    assert run("down").returncode == 0
    assert (tmp_path / ".cloudstage").is_dir()
    assert run("down", "--delete-data").returncode == 0
    assert not (tmp_path / ".cloudstage").exists()


@pytest.mark.parametrize("command", ["status", "env"])
def test_a_command_that_needs_a_running_one_says_how_to_start_it(run: Run, command: str) -> None:
    done = run(command)

    assert done.returncode == 4
    assert done.stdout == ""
    assert done.stderr.endswith("start it: cloudstage up\n")


def test_logs_of_one_that_was_never_started(run: Run) -> None:
    done = run("logs")

    assert (done.returncode, "no cloudstage was ever started there" in done.stderr) == (4, True)


def test_a_wrong_option_is_one_sentence(run: Run) -> None:
    done = run("up", "--account-id", "42")

    assert done.returncode == 2
    assert done.stderr == "cloudstage: account_id '42' is not legal; it must be twelve digits\n"


def test_doctor_says_what_there_is(run: Run) -> None:
    done = run("doctor")

    assert done.returncode == 0, done.stdout
    assert "Java: 17 at" in done.stdout


def test_nothing_in_the_directory_is_for_git(run: Run, tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    run("up")

    listed = subprocess.run(
        ["git", "status", "--porcelain", "--untracked-files=all"],
        cwd=tmp_path,
        capture_output=True,
        check=True,
    )
    assert listed.stdout == b""
