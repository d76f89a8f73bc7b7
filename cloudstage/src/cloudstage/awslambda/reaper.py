"""End what has been idle for too long, without looking when nothing is."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Reaper:
    """Calls ``reap(idle_since)`` when something may have been idle for ``idle_seconds``.

    ``reap`` gets a monotonic time, ends what became idle before it, and returns when the oldest of the rest
    became so.
    """

    def __init__(self, reap: Callable[[float], float | None], idle_seconds: float) -> None:
        self._reap = reap
        self._idle_seconds = idle_seconds
        self._woken = threading.Event()
        self._stopped = False
        threading.Thread(target=self._run, name="lambda-reaper", daemon=True).start()

    def wake(self) -> None:
        """Something has become idle."""
        self._woken.set()

    def stop(self) -> None:
        """End the thread."""
        self._stopped = True
        self._woken.set()

    def _run(self) -> None:
        pause: float | None = None
        while True:
            self._woken.wait(pause)
            self._woken.clear()
            if self._stopped:
                return
            now = time.monotonic()
            oldest = self._reap(now - self._idle_seconds)
            pause = None if oldest is None else oldest + self._idle_seconds - now
