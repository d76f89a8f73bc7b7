"""moto, the adapters, the executors and the snapshot, put together to the AWS of one cloudstage."""

from __future__ import annotations

import resource

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from cloudstage import adapters, awslambda, glue
from cloudstage.contents.autosave import Autosave
from cloudstage.contents.snapshot import Snapshot
from cloudstage.context import Context
from cloudstage.iam import authorization
from cloudstage.keys import Keys
from cloudstage.patching import Patch
from cloudstage.serving.authentication import Authentication
from cloudstage.serving.gate import RequestGate, WSGIApplication
from cloudstage.serving.late import LateExecutor
from cloudstage.serving.moto_api import MotoApi

EXECUTORS = (glue, awslambda)
OPEN_FILES = 10_240
"""moto keeps a file open for each recent S3 object above 5 MB; macOS allows 256 and no more than this."""


class Application:
    """Answers AWS requests; what was in the cloudstage when it last stopped is in it again.

    Raises:
        ServerError: the saved contents can't be read.
    """

    def __init__(self, context: Context) -> None:
        _allow_open_files()
        adapters.install()
        self._patch = Patch()
        for executor in EXECUTORS:
            executor.install(context, self._patch)
        snapshot = Snapshot(context.directory)
        recording = snapshot.install(self._patch)
        snapshot.restore()
        self._context = context
        self._autosave = Autosave(snapshot)
        context.on_change(self._autosave.changed)
        aws = recording.around(DomainDispatcherApplication(create_backend_app))
        self._gate = RequestGate(aws, self._autosave.changed)
        # Its engine takes more time to load and more memory than all the rest together.
        self._athena = LateExecutor(self._gate, "AmazonAthena.", self._install_athena)
        keys = Keys(context.credentials, context.account_id, context.region)
        authorized = authorization.install(self._athena, context, self._patch)
        aws_api = Authentication(authorized, keys, context.account_id)
        moto_api = aws if context.configuration.moto_api else None
        self._front = MotoApi(aws_api, moto_api, context.credentials)

    @property
    def wsgi(self) -> WSGIApplication:
        """What answers the requests."""
        return self._front

    def start(self) -> None:
        """Begin to save, and let the executors begin their work. The cloudstage must answer requests by now."""
        self._autosave.start(self._gate)
        self._context.start()

    def _install_athena(self) -> None:
        from cloudstage import athena

        athena.install(self._context, self._patch)

    def stop_executors(self) -> None:
        """End what the executors run, while requests are still answered."""
        self._context.stop()

    def save(self) -> None:
        """Save a last time. Raises what prevents it."""
        self._autosave.stop()


def _allow_open_files() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
