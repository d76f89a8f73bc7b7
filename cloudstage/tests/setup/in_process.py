"""AWS in the process of a test, as the server makes it: moto with all adapters, and the executors a test names."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import BaseWSGIServer, make_server

from cloudstage import adapters
from cloudstage.adapters.registry import applied
from cloudstage.configuration import Configuration
from cloudstage.context import Context
from cloudstage.credentials import generate
from cloudstage.iam import authorization
from cloudstage.keys import Keys
from cloudstage.patching import Patch
from cloudstage.serving.authentication import Authentication
from cloudstage.serving.handler import RequestHandler

Install = Callable[[Context, Patch], None]


@contextmanager
def aws(directory: Path, region: str, *executors: Install, enforce_roles: bool = False) -> Iterator[Context]:
    """Serve AWS until the block ends; what was changed in moto is changed back then.

    Roles are not enforced unless a test asks for it: most tests name one that does not exist.

    moto's backends belong to the process: tests of different files use regions or names of their own.
    """
    with ExitStack() as stack:
        for close_gap in adapters.load().values():
            stack.enter_context(applied(close_gap))
        server = stack.enter_context(_serving())
        configuration = Configuration(region=region, enforce_roles=enforce_roles)
        context = Context(directory, f"http://127.0.0.1:{server.port}", configuration, generate())
        patch = Patch()
        stack.callback(patch.undo)
        if enforce_roles:
            authorized = authorization.install(server.app, context, patch)
            keys = Keys(context.credentials, context.account_id, region)
            server.app = Authentication(authorized, keys, context.account_id)
        for install in executors:
            install(context, patch)
        stack.callback(context.stop)
        context.start()
        yield context


@contextmanager
def _serving() -> Iterator[BaseWSGIServer]:
    application = DomainDispatcherApplication(create_backend_app)
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=RequestHandler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()
