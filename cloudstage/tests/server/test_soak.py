"""Saving again and again takes no more memory than saving a few times.

``CLOUDSTAGE_SOAK_SAVES=1000 pytest tests/server/test_soak.py`` does as many saves, which takes an hour or so (a
third of it with ``--basetemp`` in memory, such as /dev/shm); without it, there are enough of them to see that
nothing of a save stays behind.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

SAVES = int(os.environ.get("CLOUDSTAGE_SOAK_SAVES", "8"))
MEGABYTES = 200
SAVES_TO_SETTLE = 3


def test_memory_is_flat_over_many_saves(tmp_path: Path) -> None:
    script = Path(__file__).with_name("soak.py")
    command = [sys.executable, str(script), str(tmp_path / "stage"), str(SAVES), str(MEGABYTES)]
    done = subprocess.run(
        command, stdout=subprocess.PIPE, text=True, check=True, env=os.environ | {"TZ": "UTC"}
    )
    memory = [json.loads(line)["memory"] for line in done.stdout.splitlines()]

    assert len(memory) == SAVES
    settled = max(memory[:SAVES_TO_SETTLE])
    assert max(memory) < settled + MEGABYTES / 2, memory
