"""End the processes of a group."""

from __future__ import annotations

import os
import signal
import time

POLL_SECONDS = 0.02
LEFTOVER_SECONDS = 0.5


def signal_group(group: int, number: int) -> bool:
    """Signal a process group; False if nobody is left in it."""
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return False
    except PermissionError:  # macOS says so of a group in which only zombies are left
        return False
    return True


def end_group(group: int) -> None:
    """End what a command left behind in its process group.

    The wait is short because zombies count as well, and in a container there may be nobody to reap them.
    """
    deadline = time.monotonic() + LEFTOVER_SECONDS
    left = signal_group(group, signal.SIGTERM)
    while left and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
        left = signal_group(group, 0)
    if left:
        signal_group(group, signal.SIGKILL)
