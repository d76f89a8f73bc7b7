"""A package index in which every package of a lock has a newer release, and pip's opinion of the lock there.

The packages are empty; what they require is what the installed ones require. So pip resolves what it would
resolve with the public index on the day after each of those releases.
"""

from __future__ import annotations

import importlib.metadata
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from small_wheel import sha256, write_wheel

NEWER = "99999.0"
_REQUIREMENT = re.compile(
    r"^(?P<name>[A-Za-z0-9._-]+)(?P<extras>\[[^\]]*\])?==(?P<version>[^ ;\\]+)(?P<marker> ;[^\\]*)?"
)


@dataclass(frozen=True)
class Requirement:
    """One line of a lock, without its hashes."""

    name: str
    extras: str
    version: str
    marker: str


def requirements(lock: Path) -> list[Requirement]:
    """The requirements of a lock."""
    matches = map(_REQUIREMENT.match, lock.read_text(encoding="utf-8").splitlines())
    return [
        Requirement(**{name: (text or "").strip() for name, text in match.groupdict().items()})
        for match in matches
        if match
    ]


def install(locked: list[Requirement], scratch: Path) -> subprocess.CompletedProcess[str]:
    """Let pip resolve a lock, with hashes, where every package has a newer release; nothing is installed."""
    wheels = scratch / "wheels"
    lines = []
    for one in locked:
        described = _metadata(one)
        wheel = write_wheel(wheels, one.name, one.version, *described)
        write_wheel(wheels, one.name, NEWER, *described)
        marker = f" {one.marker}" if one.marker else ""
        lines.append(f"{one.name}{one.extras}=={one.version}{marker} --hash=sha256:{sha256(wheel)}")
    lock = scratch / "lock.txt"
    lock.write_text("\n".join(lines) + "\n", encoding="utf-8")
    python = Path(sys.base_prefix) / "bin/python3"  # an environment made by uv has no pip
    options = ("--dry-run", "--ignore-installed", "--no-index", "--disable-pip-version-check", "--quiet")
    where = ("--find-links", str(wheels), "--require-hashes", "-r", str(lock))
    command = [str(python), "-m", "pip", "install", *options, *where]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def _metadata(locked: Requirement) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What the package requires, and its extras; nothing where this version is not installed."""
    try:
        metadata = importlib.metadata.metadata(locked.name)
    except importlib.metadata.PackageNotFoundError:
        return (), ()
    if metadata["Version"] != locked.version:
        return (), ()
    return tuple(metadata.get_all("Requires-Dist") or ()), tuple(metadata.get_all("Provides-Extra") or ())
