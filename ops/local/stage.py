"""Start, find and stop local stages."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ops.errors import StageError
from ops.local.environment import client_environment


@dataclass(frozen=True)
class RunningStage:
    """A local stage that answers requests."""

    endpoint: str
    port: int
    pid: int
    directory: Path

    def environment(self, region: str) -> dict[str, str]:
        """The environment variables of a client of this stage."""
        return client_environment(self.endpoint, region)


class LocalStage:
    """The local stage kept in ``directory``, running or not."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory.resolve()

    def running(self) -> RunningStage | None:
        """The stage if it answers."""
        try:
            known = json.loads((self.directory / "stage.json").read_text())
            urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
                known["endpoint"] + "/moto-api/", timeout=5
            ).close()
            return RunningStage(known["endpoint"], known["port"], known["pid"], self.directory)
        except (OSError, ValueError, KeyError):
            return None

    def up(self) -> RunningStage:
        """Start the stage unless it runs; it stays when the caller ends."""
        if stage := self.running():
            return stage
        self.directory.mkdir(parents=True, exist_ok=True)
        with (self.directory / "server.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "ops.local.server", str(self.directory)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd=Path(__file__).parents[2],
            )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and process.poll() is None:
            stage = self.running()
            if stage and stage.pid == process.pid:
                return stage
            time.sleep(0.05)
        raise StageError(f"The local stage did not start; see {self.directory / 'server.log'}")

    def down(self) -> None:
        """Stop the stage and keep its contents."""
        if stage := self.running():
            os.kill(stage.pid, signal.SIGTERM)
            while self.running():
                time.sleep(0.05)

    def delete(self) -> None:
        """Stop the stage and remove its contents."""
        self.down()
        shutil.rmtree(self.directory, ignore_errors=True)

    @contextlib.contextmanager
    def tethered(self) -> Iterator[RunningStage]:
        """The stage for the duration of a ``with`` block."""
        stage = self.up()
        try:
            yield stage
        finally:
            self.down()
