"""The lock belongs to the versions in project.json."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from ops import project
from ops.errors import OpsError
from ops.local.jars import lock


def test_it_has_every_archive_of_the_versions_in_the_project() -> None:
    versions = project.load().versions
    locked = [jar.coordinate for jar in lock.locked()]

    assert f"org.apache.hadoop:hadoop-aws:{versions['hadoop']}" in locked
    assert f"org.apache.iceberg:iceberg-aws-bundle:{versions['iceberg']}" in locked
    assert locked == lock.coordinates()


def test_only_iceberg_is_left_out_of_a_job_without_it() -> None:
    assert {jar.coordinate.split(":")[0] for jar in lock.locked() if jar.is_iceberg} == {"org.apache.iceberg"}


def test_other_versions_need_another_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    known = project.load()
    changed = dataclasses.replace(known, versions={**known.versions, "iceberg": "9.9.9"})
    monkeypatch.setattr(lock, "load", lambda: changed)

    with pytest.raises(OpsError, match=r"make -f dst\.mk lock"):
        lock.locked()


def test_it_names_no_registry() -> None:
    assert "://" not in Path(lock.lock_file()).read_text()
