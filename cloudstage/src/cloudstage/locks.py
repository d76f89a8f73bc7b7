"""File locks that end with the process that holds them, however it ends."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

POLL_SECONDS = 0.02


@contextlib.contextmanager
def exclusive(path: Path, patience_seconds: float) -> Iterator[None]:
    """Hold the lock ``path`` while the block runs. Raises TimeoutError if others hold it too long."""
    descriptor = lock(path, patience_seconds)
    try:
        yield
    finally:
        os.close(descriptor)


def lock(path: Path, patience_seconds: float) -> int:
    """Take the lock ``path`` and return the descriptor that holds it. Raises TimeoutError as ``exclusive``."""
    deadline = time.monotonic() + patience_seconds
    while (descriptor := try_lock(path)) is None:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{path} is still locked after {patience_seconds:.0f} seconds")
        time.sleep(POLL_SECONDS)
    return descriptor


def try_lock(path: Path) -> int | None:
    """Take the lock ``path`` and return the descriptor that holds it, open for writing; None if taken."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # The file may have been removed between the two calls: then this is a lock nobody else will see.
        if os.path.samestat(os.fstat(descriptor), path.stat()):
            return descriptor
    except (BlockingIOError, FileNotFoundError):
        pass
    os.close(descriptor)
    return None


def holder(path: Path) -> int | None:
    """The process id that the holder of the lock ``path`` wrote into it; None if nobody holds it."""
    try:
        descriptor = try_lock(path)
    except FileNotFoundError:
        return None
    if descriptor is not None:
        os.close(descriptor)
        return None
    return int(path.read_text() or 0)
