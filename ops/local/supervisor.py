"""The program behind ``ops.local.tether``: run by path, in any Python, with the standard library only.

``supervisor.py LIFELINE GRACE_SECONDS HOLDING COMMAND [ARGUMENT …]``
"""

from __future__ import annotations

import contextlib
import itertools
import os
import resource
import select
import signal
import socket
import sys
import time
from pathlib import Path
from types import FrameType
from typing import NoReturn
from urllib.parse import urlsplit

FORWARDED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2)
LEASE_SECONDS = 5.0
IGNORED_BY_PYTHON = (signal.SIGPIPE, signal.SIGXFSZ)
POLL_SECONDS = 0.02
LEFTOVER_SECONDS = 0.5
MOST_DESCRIPTORS = 4096
PID_BYTES = 8
CALLER_GONE = 1
NOT_EXECUTABLE = 126
FINISHED, STOPPING = b"f", b"s"


class Lifeline:
    """A named pipe that the caller, who made it, holds open for writing, and never writes to."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)

    def cut(self) -> bool:
        """Whether nobody holds it any more."""
        try:
            return not os.read(self.descriptor, 1)
        except BlockingIOError:
            return False

    def remove(self) -> None:
        """Clean up for a caller that could not."""
        with contextlib.suppress(OSError):
            self._path.unlink()
            self._path.parent.rmdir()


class Supervisor:
    """Runs one command in a process group of its own and stands for it."""

    def __init__(self, argv: list[str], grace_seconds: float) -> None:
        self._argv = argv
        self._grace_seconds = grace_seconds
        self._asked_to_stop = False
        self._pid = 0
        self._watcher_pipe = -1

    def run(self, lifeline: Lifeline, lease: socket.socket | None) -> int:
        """Run the command to its end; return its wait status."""
        signal.pthread_sigmask(signal.SIG_BLOCK, FORWARDED)
        self._watcher_pipe = watch(lifeline, lease, self._grace_seconds)
        self._pid = os.fork() or self._become_command()
        status = self._wait()
        end_group(self._pid)
        self._tell(FINISHED)
        return status

    def _become_command(self) -> NoReturn:
        try:
            os.setpgid(0, 0)
            # The watcher has to know before there is anything that could be left behind.
            self._tell(os.getpid().to_bytes(PID_BYTES))
            for number in IGNORED_BY_PYTHON:
                signal.signal(number, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, FORWARDED)
            os.execvp(self._argv[0], self._argv)  # noqa: S606 (what this program is for)
        except OSError as error:
            sys.stderr.write(f"{self._argv[0]}: {error.strerror}\n")
        finally:
            os._exit(NOT_EXECUTABLE)

    def _wait(self) -> int:
        """Forward signals until the command ends; return its wait status.

        Python runs a handler some time after the signal came, which a blocking ``waitpid`` may make
        forever. To the descriptor, a byte is written at once.
        """
        wake_reader, wake_writer = os.pipe()
        os.set_blocking(wake_writer, False)
        signal.set_wakeup_fd(wake_writer, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for number in FORWARDED:
            signal.signal(number, self._forward)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, FORWARDED)
        while True:
            ended, status = os.waitpid(self._pid, os.WNOHANG)
            if ended:
                return status
            os.read(wake_reader, 64)

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

    def __init__(self, lifeline: Lifeline, supervisor: int, grace_seconds: float) -> None:
        self._lifeline = lifeline
        self._supervisor = supervisor
        self._group = 0
        self._grace_seconds = grace_seconds

    def run(self) -> None:
        """Wait until there is nothing left to watch."""
        self._group = int.from_bytes(os.read(self._supervisor, PID_BYTES))
        if not self._group:
            return  # there is no command yet
        ready, _, _ = select.select([self._lifeline.descriptor, self._supervisor], [], [])
        message = os.read(self._supervisor, 64) if self._supervisor in ready else STOPPING
        orphaned = self._caller_gone(bool(message))
        if orphaned:
            self._lifeline.remove()
            # Only the command itself: Terraform's plugins have to stay until it is done with them.
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._group, signal.SIGTERM)
            message = message or STOPPING
        deadline = time.monotonic() + self._grace_seconds
        while message and FINISHED not in message and (left := deadline - time.monotonic()) > 0:
            message = self._next_message(left) or (self._look_at_group() if orphaned else b"")
        if FINISHED not in message:  # it took too long, or it was the supervisor that somebody killed
            kill_group(self._group, signal.SIGKILL)

    def _caller_gone(self, supervisor_lives: bool) -> bool:
        """Whether the caller has ended. If both are being killed, give it the time to."""
        patience = 0.0 if supervisor_lives else POLL_SECONDS * 10
        return bool(select.select([self._lifeline.descriptor], [], [], patience)[0])

    def _next_message(self, patience: float) -> bytes:
        """What the supervisor says in ``patience`` seconds; nothing if it is gone."""
        heard = select.select([self._supervisor], [], [], patience)[0]
        return os.read(self._supervisor, 64) if heard else STOPPING

    def _look_at_group(self) -> bytes:
        """What the supervisor would say, if it were not gone as well as the caller."""
        time.sleep(POLL_SECONDS)
        return STOPPING if kill_group(self._group, 0) else FINISHED


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


def watch(lifeline: Lifeline, lease: socket.socket | None, grace_seconds: float) -> int:
    """Start a watcher; return the pipe on which it listens, once it has left this process's group."""
    reader, writer = os.pipe()
    ready_reader, ready_writer = os.pipe()
    if os.fork():
        os.close(reader)
        os.close(ready_writer)
        os.read(ready_reader, 1)
        os.close(ready_reader)
        return writer
    try:
        os.setsid()
        keep_open(lifeline.descriptor, reader, *([lease.fileno()] if lease else []))
        Watcher(lifeline, reader, grace_seconds).run()
    finally:
        os._exit(0)  # whatever happened, this is no second supervisor


def keep_open(*wanted: int) -> None:
    """Close everything else, so that whoever reads the command's output sees its end."""
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    for below, descriptor in itertools.pairwise(sorted({2, *wanted, MOST_DESCRIPTORS})):
        os.closerange(below + 1, descriptor)


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
    try:
        lifeline = Lifeline(lifeline_path)
    except FileNotFoundError:
        sys.exit(CALLER_GONE)
    if lifeline.cut():
        lifeline.remove()
        sys.exit(CALLER_GONE)
    end_like(Supervisor(argv, grace_seconds).run(lifeline, lease(holding) if holding else None))


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]), sys.argv[3], sys.argv[4:])
