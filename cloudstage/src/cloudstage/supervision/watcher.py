"""The process that outlives a killed caller or supervisor, and ends what they leave behind."""

from __future__ import annotations

import contextlib
import itertools
import os
import select
import signal
import socket
import time

from .groups import POLL_SECONDS, signal_group
from .lifeline import Lifeline
from .output import AT_THE_SAME_TIME_SECONDS, Relay

MOST_DESCRIPTORS = 4096
PID_BYTES = 8
MESSAGE_BYTES = 64
FINISHED, STOPPING, SILENT = b"f", b"s", b"-"
"""What the supervisor says after the command's process id: it has ended, it was asked to end, nothing yet."""


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
        select.select([self._lifeline.descriptor, self._supervisor], [], [])
        # Whoever kills or interrupts both, caller and supervisor, does not do it at one moment.
        message = self._next_message(AT_THE_SAME_TIME_SECONDS, SILENT)
        orphaned = self._lifeline.cut_within(0 if message else AT_THE_SAME_TIME_SECONDS)
        if orphaned:
            self._lifeline.remove()
            if message in (SILENT, b""):
                # Only the command itself: Terraform's plugins have to stay until it is done with them.
                with contextlib.suppress(ProcessLookupError):
                    os.kill(self._group, signal.SIGTERM)
            message = message or STOPPING
        deadline = time.monotonic() + self._grace_seconds
        while message and FINISHED not in message and (left := deadline - time.monotonic()) > 0:
            message = self._next_message(left, STOPPING) or (self._look_at_group() if orphaned else b"")
        if FINISHED not in message:  # it took too long, or it was the supervisor that somebody killed
            signal_group(self._group, signal.SIGKILL)

    def _next_message(self, patience: float, otherwise: bytes) -> bytes:
        """What the supervisor says in ``patience`` seconds, or else ``otherwise``; nothing if it is gone."""
        heard = select.select([self._supervisor], [], [], patience)[0]
        return os.read(self._supervisor, MESSAGE_BYTES) if heard else otherwise

    def _look_at_group(self) -> bytes:
        """What the supervisor would say, if it were not gone as well as the caller."""
        time.sleep(POLL_SECONDS)
        return STOPPING if signal_group(self._group, 0) else FINISHED


def watch(lifeline: Lifeline, lease: socket.socket | None, outputs: list[Relay], grace_seconds: float) -> int:
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
        wanted = [lifeline.descriptor, reader, *([lease.fileno()] if lease else [])]
        keep_open(
            *wanted, *(end for output in outputs for end in (output.reader, output.writer, output.target))
        )
        threads = [output.start(lifeline) for output in outputs]
        Watcher(lifeline, reader, grace_seconds).run()
        for thread in threads:
            thread.join()
    finally:
        os._exit(0)  # whatever happened, this is no second supervisor


def keep_open(*wanted: int) -> None:
    """Close everything else, so that the reader of the command's output sees its end."""
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    for below, descriptor in itertools.pairwise(sorted({2, *wanted, MOST_DESCRIPTORS})):
        os.closerange(below + 1, descriptor)
