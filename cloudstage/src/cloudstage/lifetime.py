"""How long the server of a cloudstage runs."""

from __future__ import annotations

import os
import signal
import threading

SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
"""What ends a cloudstage in order."""

STARTER = "starter"
"""The name under which the process that started a tethered cloudstage holds it."""


class Lifetime:
    """Until a signal, or, for a tethered cloudstage, until nobody holds it any more.

    A cloudstage is held by processes that have a pipe or a connection to it, which the kernel closes when the
    process ends, however it ends.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._holders: set[str] = set()
        self._kept = False
        self._ending = False
        self._wake_reader, self._wake_writer = os.pipe()

    def keep(self) -> bool:
        """Run until a signal; False if it is too late."""
        with self._lock:
            self._kept = not self._ending
            return self._kept

    def hold(self, holder: str) -> bool:
        """Run at least until ``release(holder)``; False if it is too late."""
        with self._lock:
            if not self._ending:
                self._holders.add(holder)
            return not self._ending

    def release(self, holder: str) -> bool:
        """Take one holder away, if it is one; returns whether the cloudstage ends now."""
        with self._lock:
            if holder in self._holders:
                self._holders.remove(holder)
                self._ending = self._ending or not (self._holders or self._kept)
            ending = self._ending
        if ending:
            os.write(self._wake_writer, b"r")
        return ending

    def hold_by_pipe(self, holder: str, descriptor: int) -> None:
        """Let the process at the other end of a pipe hold the cloudstage."""
        self.hold(holder)

        def wait_for_end() -> None:
            while os.read(descriptor, 64):
                continue
            self.release(holder)

        threading.Thread(target=wait_for_end, name="tether", daemon=True).start()

    def end_by_signal(self) -> None:
        """Let a signal end ``wait``, from now on; until now it ended the process at once."""
        os.set_blocking(self._wake_writer, False)
        # Python runs handlers in the main thread only, some time; the descriptor is written to at once.
        signal.set_wakeup_fd(self._wake_writer)
        for number in SIGNALS:
            signal.signal(number, lambda *_: None)

    def wait(self) -> None:
        """Return when the cloudstage must stop. A further signal then ends the process at once."""
        os.read(self._wake_reader, 1)
        signal.set_wakeup_fd(-1)
        with self._lock:
            self._ending = True
        for number in SIGNALS:
            signal.signal(number, signal.SIG_DFL)
