"""The process of a job run: a job's script in the Glue runtime's Python, with nothing of this checkout in reach."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

LAUNCHER = Path(__file__).with_name("launcher.py")
# What a process needs from the machine: everything else that a job finds in its environment, AWS Glue would give it.
INHERITED = (
    "LANG",
    "LC_ALL",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "http_proxy",
    "https_proxy",
    "SSL_CERT_FILE",
    "REQUESTS_CA_BUNDLE",
)


class Driver:
    """A running driver. Its output goes to a file, why it failed to another."""

    def __init__(
        self, command: Sequence[str], directory: Path, environment: Mapping[str, str], output: Path
    ) -> None:
        with output.open("ab") as stream:
            self._process = subprocess.Popen(
                list(command),
                cwd=directory,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait(self, seconds: float) -> int | None:
        """The exit code (negative: the signal that ended it), or None if it still runs after ``seconds``."""
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def end(self, grace_seconds: float) -> None:
        """End the process and everything it started: ask first, then kill. Java outlives Python, so the group is ended."""
        self._signal(signal.SIGTERM)
        self.wait(grace_seconds)
        self._signal(signal.SIGKILL)
        self._process.wait()

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, number)


def driver_command(python: Path, script: Path, arguments: Sequence[str], report: Path) -> list[str]:
    """How the launcher is called. ``-P`` keeps the launcher's own directory, which is in this checkout, off the path."""
    return [str(python), "-P", str(LAUNCHER), str(report), str(script), *arguments]


def driver_environment(
    python: Path, directory: Path, import_path: Sequence[Path], client: Mapping[str, str]
) -> dict[str, str]:
    """The environment of a driver, before Spark adds its own. AWS Glue's clock is UTC, so the driver's is.

    Its home is the run's ``directory``, where no AWS profile is: Java's SDK complains of one that is /dev/null.
    """
    temporary = directory / "tmp"
    temporary.mkdir()
    inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
    return {
        **inherited,
        **{name: value for name, value in client.items() if not name.endswith("_FILE")},
        "HOME": str(directory),
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
        "PATH": os.pathsep.join([str(python.parent), os.defpath]),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONNOUSERSITE": "1",
        "PYTHONPATH": os.pathsep.join(map(str, import_path)),
        "PYTHONUNBUFFERED": "1",
        "TMPDIR": str(temporary),
        "TZ": "UTC",
    }
