from __future__ import annotations

from pathlib import Path

import pytest

from cloudstage.configuration import Configuration
from cloudstage.context import Context
from cloudstage.credentials import generate

ENDPOINT = "http://127.0.0.1:1234"
REGION = "eu-central-1"


@pytest.fixture
def context(tmp_path: Path) -> Context:
    return Context(tmp_path, ENDPOINT, Configuration(region=REGION), generate())


def test_executors_start_in_order_and_stop_in_reverse(context: Context) -> None:
    calls: list[str] = []
    for name in ("a", "b"):
        context.on_start(lambda name=name: calls.append(f"start {name}"))  # type: ignore[misc]
        context.on_stop(lambda name=name: calls.append(f"stop {name}"))  # type: ignore[misc]

    context.start()
    context.stop()

    assert calls == ["start a", "start b", "stop b", "stop a"]


def test_who_comes_late_is_started_at_once(context: Context) -> None:
    calls: list[str] = []
    context.start()

    context.on_start(lambda: calls.append("late"))

    assert calls == ["late"]


def test_an_executor_that_does_not_stop_keeps_no_other_from_it(
    context: Context, caplog: pytest.LogCaptureFixture
) -> None:
    calls: list[str] = []

    def fail() -> None:
        raise OSError("stuck")

    context.on_stop(lambda: calls.append("stopped"))
    context.on_stop(fail)

    context.stop()

    assert calls == ["stopped"]
    assert "did not stop cleanly" in caplog.text


def test_changes_are_told_to_whoever_listens(context: Context) -> None:
    calls: list[str] = []
    context.on_change(lambda: calls.append("changed"))

    context.changed()

    assert calls == ["changed"]


def test_clients_reach_the_stage_whatever_the_environment_says(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "https://elsewhere.example")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")

    client = context.client("sqs")

    assert client.meta.endpoint_url == ENDPOINT
    assert client.meta.region_name == REGION
    assert context.client("sqs") is client
