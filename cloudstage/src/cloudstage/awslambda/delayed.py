"""Calls that worker threads make later."""

from __future__ import annotations

import heapq
import itertools
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

log = logging.getLogger(__name__)
Call = Callable[[], None]


class DelayedCalls:
    """Makes calls in up to ``workers`` threads, each no earlier than it is due. Idle, it costs nothing."""

    def __init__(self, name: str, workers: int) -> None:
        self._workers = ThreadPoolExecutor(workers, thread_name_prefix=name)
        self._due: list[tuple[float, int, Call]] = []
        self._order = itertools.count()
        self._changed = threading.Condition()
        self._stopped = False
        threading.Thread(target=self._run, name=name, daemon=True).start()

    def after(self, seconds: float, call: Call) -> None:
        """Make ``call`` in ``seconds`` or later; not at all once stopped."""
        with self._changed:
            heapq.heappush(self._due, (time.monotonic() + seconds, next(self._order), call))
            self._changed.notify()

    def stop(self) -> None:
        """Begin no further call."""
        with self._changed:
            self._stopped = True
            self._changed.notify()
        self._workers.shutdown(wait=False, cancel_futures=True)

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._stopped and (wait := self._seconds_until_due()) != 0.0:
                    self._changed.wait(wait)
                if self._stopped:
                    return
                _, _, call = heapq.heappop(self._due)
                self._workers.submit(_logged, call)

    def _seconds_until_due(self) -> float | None:
        return max(0.0, self._due[0][0] - time.monotonic()) if self._due else None


def _logged(call: Call) -> None:
    try:
        call()
    except Exception:  # nobody waits for the result of these calls, so it would be lost
        log.exception("A call in the background failed")
