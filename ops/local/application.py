"""moto, the adapters, the executors and the snapshot, put together to the AWS of one local stage."""

from __future__ import annotations

import functools
import resource
from typing import Any

from moto.core.common_models import BaseModel
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from ops.local import adapters, athena, awslambda, glue
from ops.local.contents.autosave import Autosave
from ops.local.contents.snapshot import Snapshot
from ops.local.context import StageContext
from ops.local.serving.gate import RequestGate, WSGIApplication
from ops.local.serving.late import LateExecutor

EXECUTORS = (glue, awslambda)
OPEN_FILES = 10_240
"""moto keeps a file open for each recent S3 object above 5 MB; macOS allows 256 and no more than this."""


class Application:
    """Answers AWS requests; what was in the stage when it last stopped is in it again.

    Raises:
        StageError: the saved contents can't be read.
    """

    def __init__(self, context: StageContext) -> None:
        _allow_open_files()
        _forget_instances()
        adapters.install()
        for executor in EXECUTORS:
            executor.install(context)
        snapshot = Snapshot(context.directory)
        snapshot.restore()
        self._context = context
        self._autosave = Autosave(snapshot)
        context.on_change(self._autosave.changed)
        aws = DomainDispatcherApplication(create_backend_app)
        self._gate = RequestGate(aws, self._autosave.changed)
        # Its engine takes longer to load than all the rest together.
        self._athena = LateExecutor(self._gate, "AmazonAthena.", functools.partial(athena.install, context))

    @property
    def wsgi(self) -> WSGIApplication:
        """What answers the requests."""
        return self._athena

    def start(self) -> None:
        """Begin to save, and let the executors begin their work. The stage must answer requests by now."""
        self._autosave.start(self._gate)
        self._context.start()
        self._athena.load_in_background()

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


def _forget_instances() -> None:
    """Stop moto from keeping every object it ever made, deleted ones too, for a dashboard nobody looks at."""

    def create(cls: type, *_: Any, **__: Any) -> Any:
        return object.__new__(cls)

    BaseModel.__new__ = create  # type: ignore[method-assign]
