"""Files and directories that nobody else on this machine can read."""

from __future__ import annotations

import os
from pathlib import Path

OWNER_ONLY = 0o700


def make_directory(path: Path) -> None:
    """Make a directory for its owner only, or take everybody else's rights away from one that exists.

    Raises:
        OSError: it can't be made, or belongs to somebody else.
    """
    path.mkdir(mode=OWNER_ONLY, parents=True, exist_ok=True)
    path.chmod(OWNER_ONLY)


def write(path: Path, text: str) -> None:
    """Write a file for its owner only, as a whole or not at all."""
    temporary = path.with_name(f"{path.name}.new")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    temporary.replace(path)
