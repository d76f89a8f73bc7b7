"""The Pythons on this machine: the one that runs, those uv finds or fetches, and pyenv's.

They are looked for once: a search takes seconds, and functions start often.
"""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from cloudstage.runtimes.uv import run_uv

OLDEST = (3, 9)
"""The runtime client of Lambda functions needs it."""


@dataclass(frozen=True)
class Interpreter:
    """One Python: its path, its version such as ``3.11``, and text that changes with its exact build."""

    path: Path
    version: str
    build: str


def this_one() -> Interpreter:
    """The Python that runs this code."""
    return Interpreter(Path(sys.executable), "{}.{}".format(*sys.version_info), sys.version)


@functools.cache
def find(version: str) -> Interpreter | None:
    """This very Python where it has ``version`` (such as ``3.11``), else one of the machine; None without one."""
    if this_one().version == version:
        return this_one()
    try:
        found = _uv("find", "--system", version).strip()
    except subprocess.CalledProcessError:
        return None
    return Interpreter(Path(found), version, found)


@functools.cache
def bring(version: str) -> Interpreter | None:
    """As ``find``; where the machine has none, uv fetches one. None if that fails, without a network say."""
    if found := find(version):
        return found
    try:
        run_uv("python", "install", "--quiet", version, UV_HTTP_RETRIES="0")
        fetched = _uv("find", "--system", version).strip()
    except subprocess.CalledProcessError:
        return None
    return Interpreter(Path(fetched), version, fetched)


@functools.cache
def nearest(version: str) -> Interpreter:
    """The Python of the machine whose version is closest to ``version``, the newer one of two."""
    wanted = _minor(version)

    def distance(interpreter: Interpreter) -> tuple[int, int]:
        minor = _minor(interpreter.version)
        return abs(minor - wanted), -minor

    return min([this_one(), *_all()], key=distance)


def _all() -> list[Interpreter]:
    """What uv sees; the first of several with the same version counts."""
    try:
        listed = json.loads(_uv("list", "--only-installed", "--output-format", "json"))
    except subprocess.CalledProcessError:
        return []
    found: dict[str, Interpreter] = {}
    for entry in listed:
        parts = (entry["version_parts"]["major"], entry["version_parts"]["minor"])
        version = "{}.{}".format(*parts)
        if parts >= OLDEST and entry["implementation"] == "cpython":
            found.setdefault(version, Interpreter(Path(entry["path"]), version, entry["path"]))
    return list(found.values())


def _uv(command: str, *arguments: str) -> str:
    """``uv python``. pyenv's Pythons come first: its shims fail for a version that is not the chosen one."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    search = [*map(str, sorted(pyenv.glob("3.*/bin"), reverse=True)), os.environ.get("PATH", os.defpath)]
    return run_uv("python", command, "--no-python-downloads", *arguments, PATH=os.pathsep.join(search))


def _minor(version: str) -> int:
    return int(version.partition(".")[2])
