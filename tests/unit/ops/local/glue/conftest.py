"""A Glue that really runs jobs, without Spark: moto's server in this process, with the executor installed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from moto.server import ThreadedMotoServer

from ops.local import glue, runtimes
from ops.local.context import StageContext
from ops.local.environment import client_environment
from ops.local.glue.settings import Settings
from ops.local.glue.tools import Report, Tools

from .signal_file import SignalFile
from .stage import GlueStage

ACCOUNT_ID = "123456789012"
REGION = "eu-central-1"


_slow: list[threading.Event] = []


def _tools_without_spark(report: Report) -> Tools:
    for arrived in _slow:
        arrived.wait()
    return Tools(runtimes.ensure(runtimes.glue(), report), spark=None)


# A timeout of 1 "minute" is over soon; one of 60, which jobs have here unless a test says otherwise, is not.
SETTINGS = Settings(
    provide_tools=_tools_without_spark,
    seconds_per_minute=1,
    log_interval=0.05,
    grace_seconds=0.5,
    makes_class_data=False,
)


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GlueStage]:
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    directory = tmp_path_factory.mktemp("stage")
    context = StageContext(directory, endpoint, REGION, ACCOUNT_ID, client_environment(endpoint, REGION))
    glue.install(context, SETTINGS)
    context.start()
    yield GlueStage(context)
    context.stop()
    server.stop()


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
