"""Wait for what happens in the background, without guessing how long it takes."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def eventually(look: Callable[[], T], within_seconds: float = 15.0) -> T:
    """The first true result of ``look``; fails when there is none in time."""
    end = time.monotonic() + within_seconds
    pause = 0.002
    while not (result := look()):
        assert time.monotonic() < end, f"Still {result!r} after {within_seconds} seconds"
        time.sleep(pause)
        pause = min(pause * 1.5, 0.1)
    return result
