"""Warm execution environments of one function version, and the end of those that rest for too long."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from cloudstage.awslambda.environment import ExecutionEnvironment


class NoCapacityError(Exception):
    """All environments stayed busy for as long as a caller may be kept waiting."""


class PoolClosedError(Exception):
    """The pool is of a configuration that is no longer current, or the cloudstage stops."""


class Pool:
    """Hands out environments, the last used first, and makes more while there are fewer than ``limit``."""

    def __init__(self, start: Callable[[], ExecutionEnvironment], limit: int) -> None:
        self._start = start
        self._limit = limit
        self._idle: list[tuple[float, ExecutionEnvironment]] = []
        self._busy: set[ExecutionEnvironment] = set()
        self._starting = 0
        self._closed = False
        self._changed = threading.Condition()

    def acquire(self, patience_seconds: float) -> ExecutionEnvironment:
        """An environment for one event; wait up to ``patience_seconds`` for one.

        Raises NoCapacityError and PoolClosedError.
        """
        with self._changed:
            available = self._changed.wait_for(self._has_room, patience_seconds)
            if self._closed:
                raise PoolClosedError
            if not available:
                raise NoCapacityError
            if self._idle:
                _, environment = self._idle.pop()
                self._busy.add(environment)
                return environment
            self._starting += 1
        try:
            environment = self._start()
        finally:
            with self._changed:
                self._starting -= 1
                self._changed.notify()
        return self._adopt(environment)

    def release(self, environment: ExecutionEnvironment, *, usable: bool) -> None:
        """Take an environment back; one that is not usable, or not wanted any more, ends."""
        with self._changed:
            self._busy.discard(environment)
            usable = usable and not self._closed
            if usable:
                self._idle.append((time.monotonic(), environment))
            self._changed.notify()
        if not usable:
            environment.close()

    def retire(self) -> None:
        """End idle environments now and busy ones after their current event; start no more."""
        for environment in self._take_all_idle():
            environment.close()

    def kill(self) -> None:
        """End all environments now, whatever they do."""
        with self._changed:
            busy = list(self._busy)
        for environment in [*self._take_all_idle(), *busy]:
            environment.close()

    def reap(self, idle_since: float) -> float | None:
        """End environments idle since before ``idle_since``, a monotonic time.

        Returns since when the oldest of the others is idle.
        """
        with self._changed:
            expired = [environment for since, environment in self._idle if since <= idle_since]
            self._idle = [(since, environment) for since, environment in self._idle if since > idle_since]
            oldest = min((since for since, _ in self._idle), default=None)
        for environment in expired:
            environment.close()
        return oldest

    def _has_room(self) -> bool:
        return self._closed or bool(self._idle) or len(self._busy) + self._starting < self._limit

    def _adopt(self, environment: ExecutionEnvironment) -> ExecutionEnvironment:
        with self._changed:
            if not self._closed:
                self._busy.add(environment)
                return environment
        environment.close()
        raise PoolClosedError

    def _take_all_idle(self) -> list[ExecutionEnvironment]:
        with self._changed:
            self._closed = True
            idle, self._idle = self._idle, []
            self._changed.notify_all()
        return [environment for _, environment in idle]


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
