"""Hold up requests that change something while a snapshot is taken."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from enum import Enum, auto
from typing import Any

WSGIApplication = Callable[[dict[str, Any], Any], Iterable[bytes]]
READING_ACTIONS = (
    "BatchGet",
    "Describe",
    "Filter",
    "Get",
    "List",
    "Lookup",
    "Query",
    "Scan",
    "Search",
    "Simulate",
    "Test",
    "Validate",
)
WAITING_ACTIONS = ("ReceiveMessage", "GetActivityTask", "StartSyncExecution")


class Effect(Enum):
    """What a request may do to the contents of the cloudstage."""

    NONE = auto()
    CHANGE = auto()
    # It takes as long as somebody else's code, or waits for somebody else's request, which must get through.
    LONG_CHANGE = auto()


def effect(environ: dict[str, Any]) -> Effect:
    """What the request may do. Unsure means CHANGE, which costs a superfluous snapshot at most.

    AWS's JSON protocols name the action in a header, its REST protocols mean what the method says. Actions of
    the query protocol stand in the body, which is not looked at.
    """
    action = environ.get("HTTP_X_AMZ_TARGET", "").rpartition(".")[2]
    if action == "ReceiveMessage":  # what it changes, the hiding of a message, ends by itself
        return Effect.NONE
    if action in WAITING_ACTIONS or environ["PATH_INFO"].endswith("/invocations"):
        return Effect.LONG_CHANGE
    if action.startswith(READING_ACTIONS) or environ["REQUEST_METHOD"] in ("GET", "HEAD", "OPTIONS"):
        return Effect.NONE
    return Effect.CHANGE


class RequestGate:
    """A WSGI application around moto's.

    Args:
        application: what answers the requests.
        changed: called after each request that may have changed something.
    """

    def __init__(self, application: WSGIApplication, changed: Callable[[], None]) -> None:
        self._application = application
        self._changed = changed
        self._condition = threading.Condition()
        self._inside = 0
        self._closed = False

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        expected = effect(environ)
        if expected is Effect.NONE:
            return self._application(environ, start_response)
        with self._inside_gate() if expected is Effect.CHANGE else contextlib.nullcontext():
            try:
                return self._application(environ, start_response)
            finally:
                self._changed()

    def wait_for_quiet(self, patience_seconds: float) -> bool:
        """Wait, without holding anything up, for a moment in which no change is under way."""
        with self._condition:
            return self._condition.wait_for(lambda: self._inside == 0, patience_seconds)

    @contextlib.contextmanager
    def closed(self, patience_seconds: float) -> Iterator[bool]:
        """Let no change begin while the block runs; yields whether all that had begun have ended in time."""
        deadline = time.monotonic() + patience_seconds
        with self._condition:
            self._closed = True
            quiet = self._condition.wait_for(lambda: self._inside == 0, deadline - time.monotonic())
        try:
            yield quiet
        finally:
            with self._condition:
                self._closed = False
                self._condition.notify_all()

    @contextlib.contextmanager
    def _inside_gate(self) -> Iterator[None]:
        with self._condition:
            self._condition.wait_for(lambda: not self._closed)
            self._inside += 1
        try:
            yield
        finally:
            with self._condition:
                self._inside -= 1
                self._condition.notify_all()
