"""The process a script finds itself in."""

from __future__ import annotations

import json

import pytest

from .stage import GlueStage


@pytest.fixture
def environment(stage: GlueStage, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What a script finds in its environment, started from a shell with a user's settings."""
    monkeypatch.setenv("AWS_SESSION_TOKEN", "of-another-account")
    monkeypatch.setenv("SECRET_OF_MINE", "x")
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    monkeypatch.setenv("VIRTUAL_ENV", "/somewhere")
    job = stage.job("import json, os; print(json.dumps(dict(os.environ, cwd=os.getcwd())))")
    (line,) = stage.output(job, stage.ended(job)["Id"])
    found: dict[str, str] = json.loads(line)
    return found


def test_it_points_at_the_stage(stage: GlueStage, environment: dict[str, str]) -> None:
    assert environment["AWS_ENDPOINT_URL"] == stage.context.endpoint
    assert environment["AWS_REGION"] == stage.context.region
    assert "127.0.0.1" in environment["NO_PROXY"]


def test_it_holds_nothing_of_the_user(environment: dict[str, str]) -> None:
    assert not {"AWS_SESSION_TOKEN", "SECRET_OF_MINE", "VIRTUAL_ENV"} & environment.keys()
    assert "/somewhere" not in environment["PYTHONPATH"]


def test_it_has_places_of_its_own_and_the_clock_of_glue(
    stage: GlueStage, environment: dict[str, str]
) -> None:
    own = str(stage.context.directory / "glue")
    assert all(environment[name].startswith(own) for name in ("HOME", "TMPDIR", "PWD", "cwd"))
    assert environment["TZ"] == "UTC"
