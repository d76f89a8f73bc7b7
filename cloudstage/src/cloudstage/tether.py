"""Commands that can't outlive the process which started them.

``subprocess.Popen(tethered_command(argv))`` behaves like ``subprocess.Popen(argv)``, with one promise more:
when the calling process ends, even by ``kill -9``, the command and everything it started ends too. Works on
Linux and macOS, without help from the kernel beyond pipes and process groups.

Three processes are involved::

    caller ── supervisor ── command (and its children, one process group of their own)
                  └─ watcher (a session of its own, so that no terminal's signal reaches it)

The supervisor stands for the command: it passes signals on and ends as the command ended. The watcher sees
the caller or the supervisor vanish: it learns of it from pipes that the kernel closes. It also copies the
command's output where that goes to a pipe, so that a command may still write while it cleans up after a
caller that is gone.
"""

from __future__ import annotations

import atexit
import functools
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

SUPERVISOR = Path(__file__).parent / "supervision" / "__main__.py"
GRACE_SECONDS = 20.0
"""Terraform needs some seconds to stop its requests, save its state and release the lock."""


def tethered_command(
    argv: Sequence[str], *, grace_seconds: float = GRACE_SECONDS, holding: str | Path | None = None
) -> list[str]:
    """The command line which runs ``argv`` for as long as the calling process lives.

    SIGINT is passed on to the whole process group of the command, as by a terminal; SIGTERM and SIGHUP to
    the command alone, and not after it was interrupted. What is left of the group ``grace_seconds`` later is
    killed, and so is what the command left behind when it ended by itself. SIGKILL to this command line
    kills the group without grace. Its standard input must not be a terminal, whose owner it can't be.

    Args:
        argv: program and arguments; the program is looked up in PATH.
        grace_seconds: how long the command may take to end once it was asked to.
        holding: directory of a tethered cloudstage which must not stop before this command has ended.

    Raises:
        FileNotFoundError: there is no such program.
    """
    if shutil.which(argv[0]) is None:
        raise FileNotFoundError(f"There is no program {argv[0]!r}")
    python = [sys.executable, "-I", "-S", str(SUPERVISOR)]
    return [*python, str(_lifeline(os.getpid())), str(grace_seconds), str(holding or ""), *argv]


@functools.cache
def _lifeline(pid: int) -> Path:
    """A named pipe that the process ``pid``, this one, holds open for writing until it ends.

    The number is the key: a forked child must not answer for its parent.
    """
    folder = Path(tempfile.mkdtemp(prefix=f"cloudstage-tether-{pid}-"))
    path = folder / "lifeline"
    os.mkfifo(path, mode=0o600)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # a pipe without a reader can't be opened
    os.open(path, os.O_WRONLY)
    os.close(reader)
    atexit.register(_remove, folder, pid)
    return path


def _remove(folder: Path, owner: int) -> None:
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)
