"""A local stage in a process of its own, with nothing deployed but what a test puts there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ops.local.stage import LocalStage

from .spark_jobs import SparkJobs


@pytest.fixture(scope="module")
def jobs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkJobs]:
    with LocalStage(tmp_path_factory.mktemp("stage") / "local").tethered() as stage:
        yield SparkJobs(stage)
