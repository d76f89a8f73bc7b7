"""Glue that really runs jobs, without Spark, in the process of the tests."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from cloudstage import glue, runtimes
from cloudstage.glue.settings import Settings
from cloudstage.glue.tools import Report, Tools
from cloudstage.runtimes.versions import GLUE_VERSIONS, GlueVersion
from in_process import aws

from .signal_file import SignalFile
from .stage import GlueStage

REGION = "eu-central-1"


_slow: list[threading.Event] = []


def _tools_without_spark(version: GlueVersion, report: Report) -> Tools:
    for arrived in _slow:
        arrived.wait()
    return Tools(runtimes.ensure(version.runtime, report), spark=None)


# A timeout of 1 "minute" is over soon; one of 60, which jobs have here unless a test says otherwise, is not.
SETTINGS = Settings(
    GLUE_VERSIONS["5.1"],
    provide_tools=_tools_without_spark,
    seconds_per_minute=1,
    log_interval=0.05,
    grace_seconds=0.5,
    makes_class_data=False,
)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GlueStage]:
    install = functools.partial(glue.install, settings=SETTINGS)
    with aws(tmp_path_factory.mktemp("stage"), REGION, install) as context:
        yield GlueStage(context)


@pytest.fixture(scope="module", autouse=True)
def _bucket(stage: GlueStage) -> None:
    stage.make_bucket()


@pytest.fixture
def slow_tools() -> Iterator[threading.Event]:
    """While this is in use, what runs need is not there until the event is set."""
    _slow.append(threading.Event())
    yield _slow[0]
    _slow.pop().set()


@pytest.fixture
def signal_file(tmp_path: Path) -> SignalFile:
    """What a script says to the test while it runs, and waits for."""
    return SignalFile(tmp_path)
