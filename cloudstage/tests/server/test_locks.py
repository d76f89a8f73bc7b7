"""The locks work with pip, today and after newer releases of what they pin."""

from __future__ import annotations

from pathlib import Path

import pytest

import newer_releases

PACKAGE = Path(__file__).parents[2]
LOCKS = [PACKAGE / "requirements.txt", *sorted((PACKAGE / "src/cloudstage/runtimes").glob("*-python*.txt"))]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_pip_installs_the_lock_after_newer_releases(lock: Path, tmp_path: Path) -> None:
    done = newer_releases.install(newer_releases.requirements(lock), tmp_path)

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_names_no_registry(lock: Path) -> None:
    assert "://" not in lock.read_text()
