"""`--additional-python-modules`: packages that a job needs beyond what AWS Glue has installed."""

from __future__ import annotations

import fcntl
import hashlib
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from cloudstage.glue.failure import RunFailedError
from cloudstage.runtimes import Runtime
from cloudstage.runtimes.uv import run_uv

_NAME = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;]+)")


def install(runtime: Runtime, requirements: Sequence[str], wheels: Sequence[Path]) -> Path:
    """The directory of these packages and of what they need beyond the runtime; installed at its first use.

    A package that the runtime has keeps the runtime's version, unless the job names that package itself. The
    directory is kept, so a second run needs no network. Several runs may ask at once.

    Raises:
        RunFailedError: they can't be installed; the message has uv's reason.
    """
    target = runtime.directory.parent / f"{runtime.name}-modules" / _key(runtime, requirements, wheels)
    if not target.is_dir():
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.with_name(f"{target.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not target.is_dir():
                _install(runtime, [*requirements, *map(str, wheels)], target)
    return target


def _key(runtime: Runtime, requirements: Sequence[str], wheels: Sequence[Path]) -> str:
    contents = (hashlib.sha256(wheel.read_bytes()).hexdigest() for wheel in wheels)
    parts = [runtime.lock.read_text(encoding="utf-8"), *sorted(requirements), *sorted(contents)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _install(runtime: Runtime, wanted: list[str], target: Path) -> None:
    new, limits = (target.with_name(f"{target.name}.{what}") for what in ("new", "constraints.txt"))
    shutil.rmtree(new, ignore_errors=True)
    present = _versions(runtime.lock.read_text(encoding="utf-8"))
    named = {_normal(re.split(r"[^A-Za-z0-9._-]", one, maxsplit=1)[0]) for one in wanted}
    constraints = (f"{name}=={version}\n" for name, version in present.items() if name not in named)
    limits.write_text("".join(constraints), encoding="utf-8")
    quietly = ("--quiet", "--python", runtime.python)
    try:
        resolve = ("compile", *quietly, "--no-header", "--no-annotate", "--constraint", limits, "-")
        resolved = run_uv("pip", *resolve, text="\n".join(wanted))
        missing = [line for line in resolved.splitlines() if not _is_present(line, present)]
        new.mkdir()
        install = ("install", *quietly, "--no-deps", "--target", new, "-r", "-")
        run_uv("pip", *install, text="\n".join(missing))
    except subprocess.CalledProcessError as error:
        shutil.rmtree(new, ignore_errors=True)
        raise RunFailedError(
            f"--additional-python-modules {','.join(wanted)} can't be installed: {error.stderr.strip()}"
        ) from None
    finally:
        limits.unlink()
    new.replace(target)


def _versions(requirements: str) -> dict[str, str]:
    """Package → version of the pinned lines of a lock."""
    return {
        _normal(name): version for line in requirements.splitlines() for name, version in _NAME.findall(line)
    }


def _is_present(line: str, present: dict[str, str]) -> bool:
    found = _NAME.match(line)
    return found is not None and present.get(_normal(found[1])) == found[2]


def _normal(name: str) -> str:
    """A package's name as the index compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()
