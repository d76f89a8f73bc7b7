"""A moto server with the Lambda executor installed."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from moto.moto_server.threaded_moto_server import ThreadedMotoServer

from ops.local import awslambda
from ops.local.context import StageContext
from ops.local.environment import client_environment

from .deployment import Stage

ACCOUNT_ID = "123456789012"
REGION = "eu-central-1"


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    endpoint = "http://{}:{}".format(*server.get_host_and_port())
    context = StageContext(
        tmp_path_factory.mktemp("stage"), endpoint, REGION, ACCOUNT_ID, client_environment(endpoint, REGION)
    )
    awslambda.install(context)
    context.start()
    yield Stage(context)
    context.stop()
    server.stop()


@pytest.fixture
def name() -> str:
    """A name that no other test uses."""
    return f"function-{uuid.uuid4().hex[:8]}"
