"""Where a command writes to.

A program that writes to a pipe nobody reads any more dies of it. Terraform would, with its next line and
before it has saved its state, when its caller is killed. So pipes are not handed on: a thread of the watcher
copies what the command writes, and when the caller is gone, reads on.
"""

from __future__ import annotations

import os
import stat
import threading
from dataclasses import dataclass

from .lifeline import Lifeline

STREAMS = (1, 2)
CHUNK_BYTES = 65536
AT_THE_SAME_TIME_SECONDS = 0.2
"""A process that is killed does not lose all its descriptors at one moment."""


@dataclass(frozen=True)
class Relay:
    """A pipe between the command and a pipe of the caller's."""

    reader: int
    writer: int
    target: int
    streams: tuple[int, ...]

    def start(self, lifeline: Lifeline) -> threading.Thread:
        """Copy until the command and all its children have closed their ends."""
        os.close(self.writer)
        thread = threading.Thread(target=self._copy, args=(lifeline,))
        thread.start()
        return thread

    def _copy(self, lifeline: Lifeline) -> None:
        while data := os.read(self.reader, CHUNK_BYTES):
            try:
                while data:
                    data = data[os.write(self.target, data) :]
            except OSError:
                if not lifeline.cut_within(AT_THE_SAME_TIME_SECONDS):
                    break  # the caller wants no more: let the command see that
        os.close(self.reader)
        os.close(self.target)


def relays() -> list[Relay]:
    """A relay for each pipe or socket among this process's output streams; one, if both are the same."""
    streams: dict[tuple[int, int], list[int]] = {}
    for stream in STREAMS:
        try:
            status = os.fstat(stream)
        except OSError:  # the caller closed it
            continue
        if stat.S_ISFIFO(status.st_mode) or stat.S_ISSOCK(status.st_mode):
            streams.setdefault((status.st_dev, status.st_ino), []).append(stream)
    return [Relay(*os.pipe(), os.dup(same[0]), tuple(same)) for same in streams.values()]
