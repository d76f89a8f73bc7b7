"""The lock belongs to the versions of AWS Glue."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from cloudstage.errors import CloudstageError
from cloudstage.runtimes.jars import lock
from cloudstage.runtimes.versions import GLUE_VERSIONS

GLUE = GLUE_VERSIONS["5.1"]


def test_it_has_every_archive_of_the_glue_version() -> None:
    locked = [jar.coordinate for jar in lock.locked(GLUE)]

    assert f"org.apache.hadoop:hadoop-aws:{GLUE.hadoop}" in locked
    assert f"org.apache.iceberg:iceberg-aws-bundle:{GLUE.iceberg}" in locked
    assert locked == lock.coordinates(GLUE)


def test_only_iceberg_is_left_out_of_a_job_without_it() -> None:
    iceberg = {jar.coordinate.split(":")[0] for jar in lock.locked(GLUE) if jar.is_iceberg}

    assert iceberg == {"org.apache.iceberg"}


def test_other_versions_need_another_lock() -> None:
    with pytest.raises(CloudstageError, match=r"does not belong to the versions of Glue 5\.1"):
        lock.locked(dataclasses.replace(GLUE, iceberg="9.9.9"))


def test_it_names_no_registry() -> None:
    assert "://" not in Path(lock.lock_file(GLUE)).read_text()
