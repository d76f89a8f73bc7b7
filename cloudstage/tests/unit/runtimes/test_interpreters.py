"""The Python that runs a function: the right one, or the nearest, which is said."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cloudstage import runtimes
from cloudstage.runtimes import interpreters
from cloudstage.runtimes.interpreters import Interpreter
from cloudstage.runtimes.versions import LAMBDA_PYTHONS


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    interpreters.find.cache_clear()
    interpreters.nearest.cache_clear()


def machine_with(monkeypatch: pytest.MonkeyPatch, *versions: str) -> None:
    """Let uv see these Pythons, and this one be 3.11."""

    def run_uv(*arguments: str, **_: Any) -> str:
        if arguments[1] == "find":
            if arguments[-1] not in versions:
                raise subprocess.CalledProcessError(2, "uv", stderr="No interpreter found")
            return f"/python/{arguments[-1]}\n"
        return json.dumps(
            [
                {
                    "path": f"/python/{version}",
                    "implementation": "cpython",
                    "version_parts": {"major": 3, "minor": int(version.removeprefix("3."))},
                }
                for version in versions
            ]
        )

    monkeypatch.setattr(interpreters, "run_uv", run_uv)
    monkeypatch.setattr(interpreters, "this_one", lambda: Interpreter(Path("/python/this"), "3.11", "build"))


def test_the_python_that_runs_is_found_without_a_search(monkeypatch: pytest.MonkeyPatch) -> None:
    version = "{}.{}".format(*sys.version_info)
    monkeypatch.setattr(interpreters, "run_uv", None)

    found = interpreters.find(version)

    assert found
    assert found.path == Path(sys.executable)


def test_another_version_is_one_of_the_machine_or_none(monkeypatch: pytest.MonkeyPatch) -> None:
    machine_with(monkeypatch, "3.9", "3.12")

    assert interpreters.find("3.12") == Interpreter(Path("/python/3.12"), "3.12", "/python/3.12")
    assert interpreters.find("3.13") is None


@pytest.mark.parametrize(
    ("wanted", "installed", "nearest"),
    [
        ("3.14", ["3.9", "3.13"], "3.13"),
        ("3.14", [], "3.11"),
        ("3.9", ["3.8", "3.10"], "3.10"),
        ("3.12", ["3.13"], "3.13"),
    ],
    ids=["newest", "this one", "too old", "the newer of two"],
)
def test_the_nearest(
    monkeypatch: pytest.MonkeyPatch, wanted: str, installed: list[str], nearest: str
) -> None:
    machine_with(monkeypatch, *installed)

    assert interpreters.nearest(wanted).version == nearest


def test_a_substitute_is_named_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    machine_with(monkeypatch, "3.13")
    exact, substitute = (runtimes._runtime(f"lambda-python{version}") for version in ("3.13", "3.14"))

    assert exact.substitution == ""
    assert substitute.substitution == (
        "Python 3.14 is not on this machine; running with 3.13. "
        "Install it: uv python install 3.14, and start cloudstage again."
    )
    assert substitute.directory != exact.directory


def test_every_python_of_lambda_has_a_lock_with_the_sdk_and_no_registry() -> None:
    for version in LAMBDA_PYTHONS:
        lock = (runtimes.LOCKS / f"lambda-python{version}.txt").read_text()
        locked = {line.partition("==")[0] for line in lock.splitlines() if "==" in line}
        assert locked == {"boto3", "botocore", "jmespath", "python-dateutil", "s3transfer", "six", "urllib3"}
        assert "http" not in lock
