"""The lock works with pip, today and after newer releases of what it pins."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

import newer_releases
from ops.project import ROOT

LOCKS = ["requirements.txt", "requirements-uv.txt", "requirements-audit.txt"]


@pytest.mark.parametrize("name", LOCKS)
def test_pip_installs_the_lock_after_newer_releases(name: str, tmp_path: Path) -> None:
    done = newer_releases.install(newer_releases.requirements(ROOT / name), tmp_path)

    assert done.returncode == 0, done.stderr


def test_pip_refuses_a_lock_without_extras_after_newer_releases(tmp_path: Path) -> None:
    """If this fails, pip has learned better and the test above proves nothing any more."""
    locked = newer_releases.requirements(ROOT / "requirements.txt")
    assert any(one.extras for one in locked)

    done = newer_releases.install([dataclasses.replace(one, extras="") for one in locked], tmp_path)

    assert done.returncode == 1
    assert "coverage[toml]" in done.stderr


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_registry(name: str) -> None:
    assert "://" not in (ROOT / name).read_text()
