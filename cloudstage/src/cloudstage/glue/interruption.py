"""Work that can't be cut short, done so that the thread which waits for it can be interrupted."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import TypeVar

Result = TypeVar("Result")
POLL_SECONDS = 0.1


class RunStoppedError(Exception):
    """The run was stopped while it waited."""


def unless_stopped(stopping: threading.Event, work: Callable[[], Result]) -> Result:
    """The result of ``work``, or what it raises.

    Raises:
        RunStoppedError: ``stopping`` was set first. The work goes on, and its result is for nobody; that suits
            downloads and installs, which the next run will want.
    """
    future: Future[Result] = Future()

    def perform() -> None:
        try:
            future.set_result(work())
        except BaseException as error:  # the waiting thread raises it
            future.set_exception(error)

    threading.Thread(target=perform, name="glue-preparation", daemon=True).start()
    while not wait([future], POLL_SECONDS).done:
        if stopping.is_set():
            raise RunStoppedError
    return future.result()
