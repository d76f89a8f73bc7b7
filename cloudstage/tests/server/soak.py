"""Saves much content many times in this process: ``python soak.py DIRECTORY SAVES MEGABYTES``.

Prints a line of JSON after each save: the memory of the process in megabytes.
"""

from __future__ import annotations

import datetime
import gc
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from moto.logs.models import logs_backends
from moto.s3.models import s3_backends

from cloudstage import adapters
from cloudstage.contents import autosave
from cloudstage.contents.autosave import Autosave
from cloudstage.contents.snapshot import Snapshot
from cloudstage.patching import Patch
from cloudstage.serving.gate import RequestGate

ACCOUNT_ID, REGION = "123456789012", "eu-central-1"
EVENT_BYTES = 100_000
OBJECTS = 100
PATIENCE_SECONDS = 120


def main(directory: Path, saves: int, megabytes: int) -> None:
    """Fill moto, then change a little and save, again and again."""
    # The more a server holds, the rarer full collections are: nothing large may wait for one.
    gc.disable()
    adapters.install()
    snapshot = Snapshot(directory)
    snapshot.install(Patch())
    # Save at once, and as often as something changes.
    autosave.QUIET_SECONDS, autosave.SHARE_OF_TIME = 0.0, 1e9
    saving = Autosave(snapshot)
    saving.start(RequestGate(lambda *_: [], saving.changed))
    logs: Any = logs_backends[ACCOUNT_ID][REGION]
    logs.create_log_group("group", {})
    logs.create_log_stream("group", "stream")
    for _ in range(megabytes * 1_000_000 // EVENT_BYTES):
        log(logs, os.urandom(EVENT_BYTES // 2).hex())
    s3: Any = s3_backends[ACCOUNT_ID]["aws"]
    s3.create_bucket("lake", REGION)
    for number in range(saves):
        for name in range(OBJECTS):
            s3.put_object("lake", f"{name}", os.urandom(10_000 if name < 3 else 100))
        log(logs, f"save {number}")
        before = modified(snapshot.path)
        saving.changed()
        wait_until_saved(snapshot.path, before)
        print(json.dumps({"save": number, "memory": resident_megabytes()}), flush=True)
    saving.stop()


def log(logs: Any, message: str) -> None:
    """Log one event."""
    now = int(datetime.datetime.now(datetime.UTC).timestamp() * 1000)
    logs.put_log_events("group", "stream", [{"timestamp": now, "message": message}])


def modified(path: Path) -> int:
    """When a file was replaced last, in nanoseconds; 0 if it is missing."""
    return path.stat().st_mtime_ns if path.exists() else 0


def wait_until_saved(path: Path, before: int) -> None:
    """Wait until a snapshot is written."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while modified(path) == before:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{path} was not written within {PATIENCE_SECONDS} seconds")
        time.sleep(0.005)


def resident_megabytes() -> float:
    """The memory of this process."""
    command = ["ps", "-o", "rss=", "-p", str(os.getpid())]
    return int(subprocess.run(command, capture_output=True, check=True).stdout) / 1024


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
