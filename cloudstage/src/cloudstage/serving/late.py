"""An executor that is loaded when it is needed first."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any

from cloudstage.serving.gate import WSGIApplication


class LateExecutor:
    """A WSGI application: installs an executor, and lets no request that is meant for it come before that.

    Args:
        application: what answers the requests.
        target_prefix: how the header X-Amz-Target of the executor's requests begins.
        install: installs the executor.
    """

    def __init__(self, application: WSGIApplication, target_prefix: str, install: Callable[[], None]) -> None:
        self._application = application
        self._target_prefix = target_prefix
        self._install = install
        self._lock = threading.Lock()
        self._installed = False

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        if environ.get("HTTP_X_AMZ_TARGET", "").startswith(self._target_prefix):
            self.load()
        return self._application(environ, start_response)

    def load(self) -> None:
        """Install the executor, or wait until that is done. Raises what prevents it."""
        with self._lock:
            if not self._installed:
                self._install()
                self._installed = True
