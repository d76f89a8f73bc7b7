"""Read what a process writes, completely and in time."""

from __future__ import annotations

import os
import select
import threading
from collections.abc import Callable


class OutputReader:
    """Reads the pipe ``descriptor`` in a thread of its own and hands over whole lines.

    A process writes before it reports, so once a report is there, ``drain`` finds everything that belongs to
    it in the pipe: nothing has to be waited for.
    """

    def __init__(self, descriptor: int, write: Callable[[list[str]], None]) -> None:
        self._descriptor = descriptor
        self._write = write
        self._unfinished = b""
        self._closed = False
        self._lock = threading.Lock()
        os.set_blocking(descriptor, False)
        threading.Thread(target=self._follow, name="lambda-output", daemon=True).start()

    def drain(self) -> None:
        """Hand over everything written so far, also a last line without its end."""
        with self._lock:
            self._read_available()
            if self._unfinished:
                self._write([_text(self._unfinished)])
                self._unfinished = b""

    def _follow(self) -> None:
        poller = select.poll()
        poller.register(self._descriptor, select.POLLIN)
        while True:
            poller.poll()
            with self._lock:
                self._read_available()
                if self._closed:
                    os.close(self._descriptor)
                    return

    def _read_available(self) -> None:
        while not self._closed:
            try:
                chunk = os.read(self._descriptor, 65536)
            except BlockingIOError:
                return
            if not chunk:
                self._closed = True
            *lines, self._unfinished = (self._unfinished + chunk).split(b"\n")
            if lines:
                self._write([_text(line) for line in lines])


def _text(line: bytes) -> str:
    """A line as text; the runtime client writes the line feeds within one event as carriage returns."""
    return line.decode("utf-8", "replace").rstrip("\r").replace("\r", "\n")
