"""Saves a cloudstage's contents shortly after they changed."""

from __future__ import annotations

import contextlib
import logging
import threading
import time

from cloudstage.contents.snapshot import Snapshot, Taken
from cloudstage.serving.gate import RequestGate

log = logging.getLogger(__name__)

QUIET_SECONDS = 0.5
LONGEST_DELAY_SECONDS = 2.0
SHARE_OF_TIME = 0.1
"""Saving takes no more of the processor's time than this, new bodies not counted …"""
LONGEST_PAUSE_SECONDS = 10.0
"""… unless what is in the cloudstage is so much that this would put it off for longer."""
QUIET_MOMENT_SECONDS = 0.5
"""How long each attempt waits for a moment without a change, while changes go on …"""
HOLD_UP_SECONDS = 0.02
"""… before it holds up new ones for this long at most, until those that had begun have ended."""
ATTEMPTS = 5
DEEP_STACK_BYTES = 256 << 20


class Autosave:
    """Takes a snapshot once no change came for half a second, and after two seconds in any case."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._condition = threading.Condition()
        self._first_change = self._last_change = 0.0
        self._not_before = 0.0
        self._stopping = False
        self._failure: Exception | None = None
        self._thread: threading.Thread | None = None

    def changed(self) -> None:
        """Say that there is something to save."""
        with self._condition:
            self._last_change = time.monotonic()
            self._first_change = self._first_change or self._last_change
            self._condition.notify()

    def start(self, gate: RequestGate) -> None:
        """Save from now on, at moments when ``gate`` lets no request change anything."""
        # The pickler recurses: a long chain of objects needs a deep stack.
        usual = threading.stack_size(DEEP_STACK_BYTES)
        self._thread = threading.Thread(target=self._run, args=(gate,), name="autosave", daemon=True)
        self._thread.start()
        threading.stack_size(usual)

    def stop(self) -> None:
        """Save a last time. Raises what prevents it."""
        with self._condition:
            self._stopping = True
            self._condition.notify()
        if self._thread:
            self._thread.join()
        if self._failure:
            raise self._failure

    def _run(self, gate: RequestGate) -> None:
        while self._wait_for_changes():
            worked = time.thread_time()
            self._try_to_save(gate)
            worked = time.thread_time() - worked
            self._not_before = time.monotonic() + min(worked / SHARE_OF_TIME, LONGEST_PAUSE_SECONDS)
        self._try_to_save(gate)

    def _wait_for_changes(self) -> bool:
        """Return when it is time to save; False when it is the last time."""
        with self._condition:
            while not self._stopping:
                if not self._first_change:
                    self._condition.wait()
                    continue
                due = min(self._last_change + QUIET_SECONDS, self._first_change + LONGEST_DELAY_SECONDS)
                delay = max(due, self._not_before) - time.monotonic()
                if delay <= 0:
                    self._first_change = 0.0
                    return True
                self._condition.wait(delay)
            return False

    def _try_to_save(self, gate: RequestGate) -> None:
        try:
            self._snapshot.write(self._take(gate))
            self._failure = None
        except (
            Exception
        ) as error:  # it is told when the cloudstage stops; until then the next attempt may succeed
            if repr(error) != repr(self._failure):
                log.exception("The contents of the cloudstage could not be saved")
            self._failure = error
            self.changed()

    def _take(self, gate: RequestGate) -> Taken:
        """A snapshot from between two requests, or, if requests never pause, from amidst of them."""
        for _ in range(ATTEMPTS):
            gate.wait_for_quiet(QUIET_MOMENT_SECONDS)
            with gate.closed(HOLD_UP_SECONDS) as quiet:
                if quiet:
                    with contextlib.suppress(RuntimeError):  # an executor's thread changed something
                        return self._snapshot.take()
        with gate.closed(HOLD_UP_SECONDS):
            return self._snapshot.take()
