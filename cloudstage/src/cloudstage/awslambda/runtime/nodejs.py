"""The Node.js on this machine that runs functions of the ``nodejs`` runtimes."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from cloudstage.errors import CloudstageError

OLDEST = 16
"""The runtime client needs it."""


@dataclass(frozen=True)
class Node:
    """One Node.js: its path and its major version."""

    path: Path
    major: int

    def substitution(self, wanted: int) -> str:
        """A sentence if it is not the version that AWS has; empty if it is."""
        if self.major == wanted:
            return ""
        return (
            f"Node.js {wanted} is not on this machine; running with {self.major}. "
            "Install it from https://nodejs.org or with nvm, and start cloudstage again."
        )


def find(major: int) -> Node:
    """The Node.js of the machine with this major version, else the nearest one.

    Raises:
        CloudstageError: there is none.
    """
    candidates = _installed()
    if not candidates:
        raise CloudstageError(
            f"nodejs{major}.x needs Node.js, and there is no node (version {OLDEST} or later) on this machine. "
            "Install it from https://nodejs.org, and start cloudstage again."
        )
    return min(candidates, key=lambda node: (abs(node.major - major), -node.major))


@functools.cache
def _installed() -> tuple[Node, ...]:
    """Those on the search path and of nvm, looked for once."""
    nvm = Path(os.environ.get("NVM_DIR", Path.home() / ".nvm")) / "versions/node"
    on_path = shutil.which("node")
    paths = [*([Path(on_path)] if on_path else []), *sorted(nvm.glob("v*/bin/node"), reverse=True)]
    nodes = (Node(path, major) for path in paths if (major := _major(path)) >= OLDEST)
    return tuple({node.major: node for node in reversed(list(nodes))}.values())


def _major(path: Path) -> int:
    """The major version of the node at ``path``; 0 if it does not run."""
    try:
        told = subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout
        return int(told.removeprefix("v").partition(".")[0])
    except (OSError, subprocess.CalledProcessError, ValueError):
        return 0
