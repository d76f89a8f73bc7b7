"""An executor that is loaded while the cloudstage already answers."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from typing import Any

from cloudstage.serving.gate import WSGIApplication

log = logging.getLogger(__name__)


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

    def load_in_background(self) -> None:
        """Begin to install the executor; nobody waits for it but its requests."""
        threading.Thread(target=self._try_to_load, name="late-executor", daemon=True).start()

    def _try_to_load(self) -> None:
        try:
            self.load()
        except Exception:  # each request for the executor will meet it again, and answer with it
            log.exception("%s can't be loaded", self._target_prefix)
