"""The process of a job run: the script in the Glue runtime's Python, without this checkout in its reach."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True)
class RunPlan:
    """All that is needed to start a driver, and the files it leaves: what it prints, and why it failed."""

    command: list[str]
    environment: dict[str, str]
    output: Path
    errors: Path
    failure_report: Path


class Driver:
    """A running driver; it ends with this process, whatever happens to that. Its output goes to files."""

    def __init__(self, plan: RunPlan, grace_seconds: float) -> None:
        with plan.output.open("ab") as output, plan.errors.open("ab") as errors:
            self._process = subprocess.Popen(
                tethered_command(plan.command, grace_seconds=grace_seconds),
                cwd=plan.environment["PWD"],
                env=plan.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=errors,
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
    """How the launcher is called."""
    return [str(python), str(LAUNCHER), str(report), str(script), *arguments]


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
