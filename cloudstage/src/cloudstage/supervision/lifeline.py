"""How a process sees that another one has ended, however it ended."""

from __future__ import annotations

import contextlib
import os
import select
from pathlib import Path


class Lifeline:
    """A named pipe that the caller, who made it, holds open for writing, and never writes to."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)

    def cut(self) -> bool:
        """Whether nobody holds it. Needed at first: a pipe that nobody ever held looks as if somebody did."""
        try:
            return not os.read(self.descriptor, 1)
        except BlockingIOError:
            return False

    def cut_within(self, seconds: float) -> bool:
        """Whether its last holder is gone, or goes in this time."""
        return bool(select.select([self.descriptor], [], [], seconds)[0])

    def remove(self) -> None:
        """Clean up for a caller that could not."""
        with contextlib.suppress(OSError):
            self._path.unlink()
            self._path.parent.rmdir()
