"""Named pipes between a running script and its test: each waits for the other, and nobody sleeps."""

from __future__ import annotations

import os
from pathlib import Path


class SignalFile:
    """Lines for a script: ``says`` writes its process group, ``waits`` holds it until ``release``."""

    def __init__(self, directory: Path) -> None:
        self._said, self._released = directory / "said", directory / "released"
        os.mkfifo(self._said)
        os.mkfifo(self._released)

    @property
    def says(self) -> str:
        return f"import os; open({str(self._said)!r}, 'w').write(str(os.getpgid(0)))"

    @property
    def waits(self) -> str:
        return f"open({str(self._released)!r}).read()"

    def hear(self) -> int:
        """Wait for the script; its process group."""
        return int(self._said.read_text())

    def release(self) -> None:
        self._released.write_text("go on")
