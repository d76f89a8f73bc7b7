"""Python environments that hold exactly what AWS Glue or Lambda have installed, and nothing else.

Each is made from a lock beside this file, `<name>.txt`, and kept in the user's cache. A deployed job runs in
one of them, so what it forgot to declare is missing here as it would be on AWS.
"""

from __future__ import annotations

import fcntl
import hashlib
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cloudstage.cache import cache_directory
from cloudstage.errors import CloudstageError
from cloudstage.runtimes import interpreters
from cloudstage.runtimes.interpreters import Interpreter
from cloudstage.runtimes.uv import run_uv
from cloudstage.runtimes.versions import GLUE_VERSIONS

Report = Callable[[str], None]
LOCKS = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Runtime:
    """One environment that is installed: its name, its directory, and the interpreter it is made with."""

    name: str
    directory: Path
    interpreter: Interpreter

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.directory / "bin/python"

    @property
    def site_packages(self) -> Path:
        """Where its packages are."""
        return next(self.directory.glob("lib/python3.*/site-packages"))

    @property
    def substitution(self) -> str:
        """A sentence if its Python is not the version that AWS has; empty if it is."""
        wanted = python_version(self.name)
        if self.interpreter.version == wanted:
            return ""
        return (
            f"Python {wanted} is not on this machine; running with {self.interpreter.version}. "
            f"Install it: uv python install {wanted}, and start cloudstage again."
        )

    @property
    def lock(self) -> Path:
        """The requirements it holds, with hashes."""
        return LOCKS / f"{self.name}.txt"


def ensure(name: str, report: Report) -> Runtime:
    """The environment called ``name``, installed if it is missing or unfinished.

    Several processes may call this at once: one installs, with the network or uv's cache, the others wait.

    Raises:
        CloudstageError: there is no such lock, or the install failed; the message has uv's reason.
    """
    runtime = _runtime(name)
    if not _complete(runtime):
        runtime.directory.parent.mkdir(parents=True, exist_ok=True)
        with runtime.directory.with_name(f"{runtime.directory.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not _complete(runtime):
                report(f"Installing the Python packages of {name} (once)")
                _install(runtime)
                _marker(runtime).touch()
    return runtime


def installed(name: str) -> bool:
    """Whether ``ensure`` would have nothing to do."""
    return _complete(_runtime(name))


def python_version(name: str) -> str:
    """The version of Python that the lock ``name`` was made for, such as ``3.11``; this one's if it says none."""
    kind, _, version = name.partition("-")
    if kind == "glue":
        return GLUE_VERSIONS[version].python
    return version.removeprefix("python") or interpreters.this_one().version


def _runtime(name: str) -> Runtime:
    """Its directory's name changes with the lock and the interpreter."""
    lock = LOCKS / f"{name}.txt"
    if not lock.is_file():
        known = ", ".join(
            sorted(path.stem for path in LOCKS.glob("*.txt") if not path.stem.endswith("-jars"))
        )
        raise CloudstageError(f"There is no runtime {name!r}; the ones of {LOCKS} are {known}")
    interpreter = _interpreter(name)
    parts = (interpreter.build, lock.read_text(encoding="utf-8"))
    fingerprint = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]
    directory = cache_directory() / "runtimes" / f"{name}-{fingerprint}"
    return Runtime(name, directory, interpreter)


def _marker(runtime: Runtime) -> Path:
    return runtime.directory / ".installed"


def _complete(runtime: Runtime) -> bool:
    """Whether the install was finished, and the interpreter it was made with is still there."""
    return _marker(runtime).is_file() and runtime.python.exists()


def _install(runtime: Runtime) -> None:
    try:
        run_uv("venv", "--quiet", "--clear", "--python", runtime.interpreter.path, runtime.directory)
        run_uv("pip", "sync", "--quiet", "--python", runtime.python, "--require-hashes", runtime.lock)
    except subprocess.CalledProcessError as error:
        raise CloudstageError(
            f"The Python packages of {runtime.name} could not be installed:\n{error.stderr.strip()}\n"
            "Check the network and run the same command again. Behind a proxy set HTTPS_PROXY, for a "
            "company's package mirror PIP_INDEX_URL, for its certificates SSL_CERT_FILE."
        ) from None


def _interpreter(name: str) -> Interpreter:
    """One of the version that AWS has; for Lambda, which has many, else the nearest.

    For Glue there is no other: Spark's own Python code and the locked packages are made for one version.
    """
    version = python_version(name)
    if found := interpreters.bring(version):
        return found
    if name.startswith("lambda-"):
        return interpreters.nearest(version)
    return Interpreter(Path(version), version, version)
