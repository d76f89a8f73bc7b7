"""Start the server process of a cloudstage and wait until it answers."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import selectors
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from cloudstage.configuration import Configuration
from cloudstage.errors import ServerError

LOG = "server.log"
LARGEST_LOG_BYTES = 1 << 20
SHOWN_LINES = 15

_children: dict[int, subprocess.Popen[bytes]] = {}


def start(
    directory: Path, configuration: Configuration, tether_fd: int | None, patience_seconds: float
) -> None:
    """Start the server of the cloudstage in ``directory``; return when it answers.

    Args:
        directory: the cloudstage's, existing.
        configuration: what it runs with.
        tether_fd: the reading end of a pipe: the server stops when its writing end is closed everywhere.
        patience_seconds: how long it may take.

    Raises:
        ServerError: it did not start; why not, as far as it could say.
    """
    log = directory / LOG
    with _opened(log) as output, _pipe() as (reader, writer):
        before = log.stat().st_size
        process = _spawn(directory, configuration, output, writer, tether_fd)
        os.close(writer)
        answer = _read_all(reader, time.monotonic() + patience_seconds)
    if answer is None:
        process.kill()
        raise ServerError(f"The cloudstage did not start within {patience_seconds:.0f} seconds; see {log}")
    message = json.loads(answer or "{}")
    if "ready" in message:
        return
    forget(process.pid)
    if "error" in message:
        raise ServerError(message["error"])
    lines = log.read_bytes()[before:].decode(errors="replace").splitlines()
    reason = "\n".join(f"  {line}" for line in lines[-SHOWN_LINES:])
    raise ServerError(f"The cloudstage did not start. The end of {log}:\n{reason}")


def forget(pid: int) -> None:
    """Reap a server that has ended, if it was started by this process."""
    if process := _children.pop(pid, None):
        process.wait()


def _spawn(
    directory: Path, configuration: Configuration, output: int, ready_fd: int, tether_fd: int | None
) -> subprocess.Popen[bytes]:
    chosen = json.dumps(dataclasses.asdict(configuration))
    command = [
        sys.executable,
        "-P",
        "-m",
        "cloudstage.server",
        str(directory),
        chosen,
        "--ready-fd",
        str(ready_fd),
    ]
    if tether_fd is not None:
        command += ["--tether-fd", str(tether_fd)]
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        start_new_session=True,
        cwd=directory,
        pass_fds=[descriptor for descriptor in (ready_fd, tether_fd) if descriptor is not None],
    )
    _children[process.pid] = process
    return process


@contextlib.contextmanager
def _opened(log: Path) -> Iterator[int]:
    if log.exists() and log.stat().st_size > LARGEST_LOG_BYTES:
        log.replace(log.with_suffix(".old.log"))
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _pipe() -> Iterator[tuple[int, int]]:
    """A pipe whose writing end is closed by the block."""
    reader, writer = os.pipe()
    try:
        yield reader, writer
    finally:
        os.close(reader)


def _read_all(descriptor: int, deadline: float) -> bytes | None:
    """All that is written to a pipe until it is closed; None if that takes too long."""
    data = b""
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        while selector.select(max(0.0, deadline - time.monotonic())):
            chunk = os.read(descriptor, 65536)
            if not chunk:
                return data
            data += chunk
    return None
