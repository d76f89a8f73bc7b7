"""Python environments that hold exactly what AWS Glue or Lambda have installed, and nothing of this checkout.

Each is made from a lock beside this file, `<name>.txt`, and kept in `.dst/runtimes/<name>`. A deployed job
runs in one of them, so what it forgot to declare is missing here as it would be on AWS.
"""

from __future__ import annotations

import fcntl
import hashlib
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ops.errors import OpsError
from ops.local.runtimes.uv import run_uv
from ops.project import ROOT, load

Report = Callable[[str], None]
LOCKS = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Runtime:
    """One environment that is installed: its name, directory, and the lock it was made from."""

    name: str
    directory: Path

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.directory / "bin/python"

    @property
    def site_packages(self) -> Path:
        """Where its packages are."""
        return self.directory / f"lib/python{load().versions['python']}/site-packages"

    @property
    def lock(self) -> Path:
        """The requirements it holds, with hashes."""
        return LOCKS / f"{self.name}.txt"


def glue() -> str:
    """The name of the environment of the Glue version in project.json."""
    return f"glue-{load().versions['glue']}"


def aws_lambda() -> str:
    """The name of the environment of the Lambda runtime for the Python version in project.json."""
    return f"lambda-python{load().versions['python']}"


def ensure(name: str, report: Report) -> Runtime:
    """The environment called ``name``, installed if it is missing, unfinished, or of another lock.

    Several processes may call this at once: one installs, with the network or uv's cache, the others wait.

    Raises:
        OpsError: there is no such lock, or the install failed; the message has uv's reason.
    """
    runtime = _runtime(name)
    if not runtime.lock.is_file():
        known = ", ".join(
            sorted(path.stem for path in LOCKS.glob("*.txt") if not path.stem.endswith("-jars"))
        )
        raise OpsError(f"There is no local runtime {name!r}; the ones of {LOCKS} are {known}")
    fingerprint = _fingerprint(runtime)
    marker = runtime.directory / ".installed"
    if not _says(marker, fingerprint):
        runtime.directory.parent.mkdir(parents=True, exist_ok=True)
        with runtime.directory.with_name(f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not _says(marker, fingerprint):
                report(f"Installing the Python packages of {name} (once)")
                _install(runtime)
                marker.write_text(fingerprint, encoding="utf-8")
    return runtime


def installed(name: str) -> bool:
    """Whether ``ensure`` would have nothing to do."""
    runtime = _runtime(name)
    return runtime.lock.is_file() and _says(runtime.directory / ".installed", _fingerprint(runtime))


def _runtime(name: str) -> Runtime:
    return Runtime(name, (ROOT / ".dst/runtimes").resolve() / name)


def _fingerprint(runtime: Runtime) -> str:
    """Changes with the lock, the interpreter's version, and the place, which its scripts hold."""
    parts = (str(runtime.directory), sys.version, runtime.lock.read_text(encoding="utf-8"))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _says(marker: Path, fingerprint: str) -> bool:
    try:
        return marker.read_text(encoding="utf-8") == fingerprint
    except OSError:
        return False


def _install(runtime: Runtime) -> None:
    try:
        run_uv("venv", "--quiet", "--clear", "--python", sys.executable, runtime.directory)
        run_uv("pip", "sync", "--quiet", "--python", runtime.python, "--require-hashes", runtime.lock)
    except subprocess.CalledProcessError as error:
        raise OpsError(
            f"The Python packages of {runtime.name} could not be installed:\n{error.stderr.strip()}\n"
            "Check the network and run the same command again. Behind a proxy set HTTPS_PROXY, for a "
            "company's package mirror PIP_INDEX_URL, for its certificates SSL_CERT_FILE."
        ) from None
