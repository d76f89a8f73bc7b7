"""A cloudstage in a process of its own, with nothing deployed but what a test puts there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cloudstage.configuration import Configuration
from cloudstage.lifecycle import Cloudstage

from .spark_jobs import REGION, SparkJobs


@pytest.fixture(scope="module")
def jobs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkJobs]:
    with Cloudstage(
        tmp_path_factory.mktemp("stage") / "local", Configuration(region=REGION)
    ).tethered() as stage:
        yield SparkJobs(stage)
