"""A moto server with the Lambda executor installed."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server

from ops.local import adapters, awslambda
from ops.local.adapters.registry import applied
from ops.local.context import StageContext
from ops.local.environment import client_environment

from .deployment import Stage
from .events import Events

ACCOUNT_ID = "123456789012"
# Not the region of other tests: moto's backends belong to the process, and rules and queues would meet.
REGION = "eu-west-3"


class Quiet(MotoRequestHandler):
    """Serves requests without a line of log for each."""

    def log(self, *_: object) -> None:
        """Nothing is logged."""


@contextmanager
def serving() -> Iterator[str]:
    """A moto server; yields its address."""
    server = make_server(
        "127.0.0.1",
        0,
        DomainDispatcherApplication(create_backend_app),
        threaded=True,
        request_handler=Quiet,
    )
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A stage as the server makes it, in this process, for the tests of one file."""
    with ExitStack() as stack:
        for close_gap in adapters.load().values():
            stack.enter_context(applied(close_gap))
        endpoint = stack.enter_context(serving())
        environment = client_environment(endpoint, REGION)
        directory = tmp_path_factory.mktemp("stage")
        context = StageContext(directory, endpoint, REGION, ACCOUNT_ID, environment)
        stack.callback(awslambda.install(context).undo)
        stack.callback(context.stop)
        context.start()
        yield Stage(context)


@pytest.fixture
def events(tmp_path: Path) -> Events:
    """What a function with the source WRITE_EVENT and this environment was invoked with."""
    return Events(tmp_path)


@pytest.fixture
def name() -> str:
    """A name that no other test uses."""
    return f"function-{uuid.uuid4().hex[:8]}"
