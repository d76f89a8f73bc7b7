"""The program behind ``ops.local.tether``: run by path, in any Python, with the standard library only.

``supervisor.py LIFELINE GRACE_SECONDS HOLDING COMMAND [ARGUMENT …]``
"""

from __future__ import annotations

import contextlib
import os
import resource
import select
import signal
import socket
import sys
import time
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

FORWARDED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2)
LEASE_SECONDS = 5.0
IGNORED_BY_PYTHON = (signal.SIGPIPE, signal.SIGXFSZ)
POLL_SECONDS = 0.02
LEFTOVER_SECONDS = 1.0
FINISHED, STOPPING = b"f", b"s"


class Supervisor:
    """Runs one command in a process group of its own and stands for it."""

    def __init__(self, argv: list[str], grace_seconds: float) -> None:
        self._argv = argv
        self._grace_seconds = grace_seconds
        self._asked_to_stop = False
        self._pid = 0
        self._watcher_pipe = -1

    def run(self, lifeline: int, lease: socket.socket | None) -> int:
        """Run the command to its end; return its wait status."""
        signal.pthread_sigmask(signal.SIG_BLOCK, FORWARDED)
        self._pid = os.posix_spawnp(
            self._argv[0], self._argv, os.environ, setpgroup=0, setsigmask=(), setsigdef=IGNORED_BY_PYTHON
        )
        read_end, self._watcher_pipe = os.pipe()
        if os.fork() == 0:
            os.close(self._watcher_pipe)
            Watcher(lifeline, read_end, self._pid, self._grace_seconds).run()
            os._exit(0)
        os.close(read_end)
        os.close(lifeline)
        if lease:
            lease.close()
        for number in FORWARDED:
            signal.signal(number, self._forward)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, FORWARDED)
        _, status = os.waitpid(self._pid, 0)
        end_group(self._pid)
        self._tell(FINISHED)
        return status

    def _forward(self, number: int, _: FrameType | None) -> None:
        stop = number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        # A program that was interrupted and is cleaning up takes a further signal as "drop everything".
        repeated = self._asked_to_stop and number != signal.SIGINT
        if stop:
            self._asked_to_stop = True
            self._tell(STOPPING)
        with contextlib.suppress(ProcessLookupError):
            if number == signal.SIGINT:
                os.killpg(self._pid, number)
            elif not (stop and repeated):
                os.kill(self._pid, number)

    def _tell(self, message: bytes) -> None:
        with contextlib.suppress(BrokenPipeError):
            os.write(self._watcher_pipe, message)


class Watcher:
    """Ends the command's process group when the caller or the supervisor is gone."""

    def __init__(self, lifeline: int, supervisor: int, group: int, grace_seconds: float) -> None:
        self._lifeline = lifeline
        self._supervisor = supervisor
        self._group = group
        self._grace_seconds = grace_seconds

    def run(self) -> None:
        """Wait until there is nothing left to watch."""
        self._detach()
        ready, _, _ = select.select([self._lifeline, self._supervisor], [], [])
        message = os.read(self._supervisor, 64) if self._supervisor in ready else STOPPING
        if self._supervisor not in ready:
            # Only the command itself: Terraform's plugins have to stay until it is done with them.
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._group, signal.SIGTERM)
        deadline = time.monotonic() + self._grace_seconds
        while message and FINISHED not in message and (left := deadline - time.monotonic()) > 0:
            ready, _, _ = select.select([self._supervisor], [], [], left)
            message = os.read(self._supervisor, 64) if ready else STOPPING
        if FINISHED not in message:  # it took too long, or the supervisor was killed
            kill_group(self._group, signal.SIGKILL)

    def _detach(self) -> None:
        """Leave the terminal, and let whoever reads the command's output see it end."""
        os.setsid()
        null = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(null, stream)


def kill_group(group: int, number: int) -> bool:
    """Signal a process group; False if nobody is left in it."""
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return False
    except PermissionError:  # macOS says so of a group in which only zombies are left
        return False
    return True


def end_group(group: int) -> None:
    """End what a command left behind in its process group.

    The wait is short because zombies count as well, and in a container there may be nobody to reap them.
    """
    deadline = time.monotonic() + LEFTOVER_SECONDS
    left = kill_group(group, signal.SIGTERM)
    while left and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
        left = kill_group(group, 0)
    if left:
        kill_group(group, signal.SIGKILL)


def open_lifeline(path: Path) -> int | None:
    """The pipe whose end says that the caller is gone; None if it is gone already."""
    try:
        lifeline = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        os.read(lifeline, 1)
    except BlockingIOError:  # somebody has it open for writing, and writes nothing
        return lifeline
    except FileNotFoundError:
        return None
    return None


def lease(endpoint: str) -> socket.socket | None:
    """A connection that keeps a tethered local stage running while it is open; None if none answers."""
    address = urlsplit(endpoint)
    try:
        connection = socket.create_connection((address.hostname, address.port), LEASE_SECONDS)
        connection.sendall(f"GET /_dst/lease HTTP/1.1\r\nHost: {address.netloc}\r\n\r\n".encode())
        connection.recv(1)
    except OSError:
        return None
    return connection


def end_like(status: int) -> None:
    """End this process as the command ended: with its exit code, or by its signal."""
    code = os.waitstatus_to_exitcode(status)
    if code < 0:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if -code not in (signal.SIGKILL, signal.SIGSTOP):
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    sys.exit(code)


def main(lifeline_path: Path, grace_seconds: float, holding: str, argv: list[str]) -> None:
    """Run ``argv`` for as long as somebody holds the lifeline."""
    lifeline = open_lifeline(lifeline_path)
    if lifeline is None:
        sys.exit(1)
    status = Supervisor(argv, grace_seconds).run(lifeline, lease(holding) if holding else None)
    end_like(status)


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]), sys.argv[3], sys.argv[4:])
