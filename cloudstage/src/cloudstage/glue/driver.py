"""The process of a job run: the script in the Glue runtime's Python, without this checkout in its reach."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from cloudstage.tether import tethered_command

LOOPBACK = "127.0.0.1,localhost"
LAUNCHER = Path(__file__).with_name("launcher.py")
# What a process needs of the machine. Everything else in a job's environment would come from AWS Glue.
INHERITED = (
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "REQUESTS_CA_BUNDLE",
    "SSL_CERT_FILE",
    "http_proxy",
    "https_proxy",
)


class Driver:
    """A running driver. Its output goes to a file; it ends with this process, whatever happens to that."""

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], output: Path, grace_seconds: float
    ) -> None:
        with output.open("ab") as stream:
            self._process = subprocess.Popen(
                tethered_command(command, grace_seconds=grace_seconds),
                cwd=environment["PWD"],
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

    def end(self) -> None:
        """End the process and everything it started, Java too: asked first, killed when the grace is over."""
        self._process.terminate()
        self._process.wait()


def driver_command(python: Path, script: Path, arguments: Sequence[str], report: Path) -> list[str]:
    """How the launcher is called. ``-P`` keeps its own directory, a part of this checkout, off the path."""
    return [str(python), "-P", str(LAUNCHER), str(report), str(script), *arguments]


def driver_environment(
    python: Path, directory: Path, import_path: Sequence[Path], client: Mapping[str, str]
) -> dict[str, str]:
    """The environment of a driver, before Spark adds its own. AWS Glue's clock is UTC, so the driver's is.

    Its home is the run's ``directory``, where no AWS profile is: Java's SDK stumbles over /dev/null. It
    starts in ``work`` below.
    """
    temporary, work = directory / "tmp", directory / "work"
    temporary.mkdir()
    work.mkdir()
    inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
    past_proxies = {
        name: ",".join(filter(None, [os.environ.get(name), LOOPBACK])) for name in ("NO_PROXY", "no_proxy")
    }
    return {
        **inherited,
        **past_proxies,
        **{name: value for name, value in client.items() if not name.endswith("_FILE")},
        "HOME": str(directory),
        "LC_ALL": "C.UTF-8",
        "PATH": os.pathsep.join([str(python.parent), os.defpath]),
        "PWD": str(work),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONNOUSERSITE": "1",
        "PYTHONPATH": os.pathsep.join(map(str, import_path)),
        "PYTHONUNBUFFERED": "1",
        "TMPDIR": str(temporary),
        "TZ": "UTC",
    }
