"""How much memory this process has needed."""

from __future__ import annotations

import re
import resource
import sys
from pathlib import Path


def peak_resident_mib() -> int:
    """The largest resident size of this process so far, in MiB, rounded up.

    On Linux from ``VmHWM``, because ``ru_maxrss`` there survives ``exec`` and would report the parent's size.
    """
    if sys.platform == "linux":
        match = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
        kibibytes = int(match[1]) if match else 0
    else:
        kibibytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024  # macOS counts bytes
    return -(-kibibytes // 1024)
