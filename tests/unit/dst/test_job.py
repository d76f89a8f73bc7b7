"""One function, three ways to start it."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest

from dst.deployment import Deployment
from dst.errors import RawDataError
from dst.job import Job, job
from dst.lake import Lake
from dst.messages import Message
from dst.run import Run
from dst.s3_uri import S3Uri

DEPLOYMENT = {
    "stage": "local",
    "workspace": "default",
    "project": "dst",
    "region": "eu-central-1",
    "database": "default_dst",
    "raw_uri": "s3://raw-zone",
    "curated_uri": "s3://curated-zone",
    "quarantine_uri": "s3://quarantine-zone",
    "artifacts_uri": "s3://artifacts-zone",
}
ARGUMENTS = [f"--{name}={value}" for name, value in DEPLOYMENT.items()]
CONTEXT = SimpleNamespace(aws_request_id="request-1")


@dataclass(frozen=True)
class Params:
    rows: int


@dataclass(frozen=True)
class Summary:
    rows_read: int


@job
def doubling(params: Params, run: Run, deployment: Deployment, lake: Lake) -> Summary:
    assert lake.run is run
    assert lake.deployment is deployment
    return Summary(2 * params.rows)


@job
def failing(params: Params) -> None:
    if params.rows:
        raise RawDataError("the bucket is gone; create it")
    raise ZeroDivisionError("a bug")


@job
def reading(message: Message) -> Summary:
    return Summary(int(message.body))


@pytest.fixture(autouse=True)
def _restored_logging() -> Iterator[None]:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = before


@pytest.fixture
def _deployed(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in DEPLOYMENT.items():
        monkeypatch.setenv(f"DST_{name.upper()}", value)


def summary(output: str) -> dict[str, Any]:
    (found,) = (
        entry for entry in map(json.loads, output.splitlines()) if entry.get("event") == "job_summary"
    )
    assert isinstance(found, dict)
    return found


def test_main_reads_arguments_and_logs_the_summary(capsys: pytest.CaptureFixture[str]) -> None:
    doubling.main([*ARGUMENTS, "--rows", "4", "--JOB_NAME", "default-dst-doubling", "--JOB_RUN_ID", "jr_7"])
    said = summary(capsys.readouterr().out)
    assert (said["rows_read"], said["run_id"]) == (8, "jr_7")


@pytest.mark.usefixtures("_deployed")
def test_the_environment_is_read_when_called_and_arguments_win(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DST_ROWS", "1")
    doubling.main([])
    assert summary(capsys.readouterr().out)["rows_read"] == 2
    doubling.main(["--rows=5"])
    assert summary(capsys.readouterr().out)["rows_read"] == 10


def test_a_users_mistake_is_one_line_and_the_exit_code_of_its_family(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as ended:
        failing.main([*ARGUMENTS, "--rows=1"])
    assert ended.value.code == RawDataError.exit_code
    assert capsys.readouterr().err == "RawDataError: the bucket is gone; create it\n"


def test_all_missing_parameters_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        doubling.main([])
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert all(f"--{name} is missing" in said for name in ("rows", *DEPLOYMENT))


def test_on_glue_a_mistake_is_raised_for_its_error_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.tracebacklimit", 1000, raising=False)
    with pytest.raises(RawDataError):
        failing.main([*ARGUMENTS, "--rows=1", "--JOB_RUN_ID", "jr_1"])


def test_a_bug_keeps_its_traceback() -> None:
    with pytest.raises(ZeroDivisionError):
        failing.main([*ARGUMENTS, "--rows=0"])


@pytest.mark.usefixtures("_deployed")
def test_lambda_takes_parameters_from_environment_and_event() -> None:
    assert doubling.handler({"rows": 3}, CONTEXT) == {"rows_read": 6}


@pytest.mark.usefixtures("_deployed")
def test_an_event_of_a_schedule_holds_no_parameters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DST_ROWS", "2")
    assert doubling.handler({"detail-type": "Scheduled Event", "detail": {}}, CONTEXT) == {"rows_read": 4}


@pytest.mark.usefixtures("_deployed")
def test_every_message_of_a_batch_is_handled_and_each_failure_reported() -> None:
    bodies = ["1", "not a number", "3", "neither", "5"]
    event = {"Records": [{"messageId": f"m{place}", "body": body} for place, body in enumerate(bodies)]}
    assert reading.handler(event, CONTEXT) == {
        "batchItemFailures": [{"itemIdentifier": "m1"}, {"itemIdentifier": "m3"}]
    }


@pytest.mark.usefixtures("_deployed")
def test_a_message_can_be_given_on_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    reading.main(["--message", "12"])
    assert summary(capsys.readouterr().out)["rows_read"] == 12


def test_without_a_message_the_command_line_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        reading.main(ARGUMENTS)
    assert "--message is missing" in capsys.readouterr().err


def test_a_job_can_be_called_as_the_function_it_is() -> None:
    assert reading(Message("m", "4")) == Summary(4)


def test_an_argument_that_nobody_can_give_is_refused_when_declared() -> None:
    def wrong(rows: int) -> None:
        del rows

    with pytest.raises(TypeError, match="annotate arguments"):
        Job(wrong)


def test_the_zones_of_a_deployment_are_its_buckets() -> None:
    zones = {name: S3Uri.parse(value) for name, value in DEPLOYMENT.items() if name.endswith("_uri")}
    texts = {name: value for name, value in DEPLOYMENT.items() if not name.endswith("_uri")}
    assert Deployment(**texts, **zones).zone("quarantine") == S3Uri("quarantine-zone")  # type: ignore[arg-type]
