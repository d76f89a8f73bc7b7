"""The process that stands for a command: its signals, its exit code."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import socket
import sys
from pathlib import Path
from types import FrameType
from typing import NoReturn
from urllib.parse import urlsplit

from .groups import end_group
from .handshake import authorization
from .lifeline import Lifeline
from .output import Relay, relays
from .watcher import FINISHED, PID_BYTES, STOPPING, watch

FORWARDED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2)
IGNORED_BY_PYTHON = (signal.SIGPIPE, signal.SIGXFSZ)
LEASE_SECONDS = 5.0
RECORD = "cloudstage.json"
NOT_EXECUTABLE = 126


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
        # A command that is killed at once has nothing to write any more, and its caller may rely on the order in
        # which it writes and does other things.
        outputs = relays() if self._grace_seconds else []
        self._watcher_pipe = watch(lifeline, lease, outputs, self._grace_seconds)
        self._pid = os.fork() or self._become_command(outputs)
        for output in outputs:
            os.close(output.reader)
            os.close(output.writer)
            os.close(output.target)
        status = self._wait()
        end_group(self._pid)
        self._tell(FINISHED)
        return status

    def _become_command(self, outputs: list[Relay]) -> NoReturn:
        try:
            os.setpgid(0, 0)
            # The watcher has to know before there is anything that could be left behind.
            self._tell(os.getpid().to_bytes(PID_BYTES))
            for output in outputs:
                for stream in output.streams:
                    os.dup2(output.writer, stream)
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


def lease(directory: Path) -> socket.socket | None:
    """A connection that keeps the tethered cloudstage in ``directory`` running; None if none answers."""
    try:
        record = json.loads((directory / RECORD).read_text(encoding="utf-8"))
        address = urlsplit(record["endpoint"])
        connection = socket.create_connection((address.hostname, address.port), LEASE_SECONDS)
        connection.sendall(
            f"GET /_cloudstage/lease HTTP/1.1\r\nHost: {address.netloc}\r\n"
            f"Authorization: {authorization(record['token'])}\r\n\r\n".encode()
        )
        connection.recv(1)
    except (OSError, ValueError, KeyError):
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
