"""The process of an execution environment: started, read and ended."""

from __future__ import annotations

import os
import select
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from cloudstage.awslambda.logs import FunctionLog
from cloudstage.awslambda.runtime_api import Exchange, Exited
from cloudstage.tether import tethered_command


class FunctionProcess:
    """A running function process whose output goes to ``log`` and whose end is reported to ``exchange``."""

    def __init__(
        self,
        command: Sequence[str],
        task_root: Path,
        environment: Mapping[str, str],
        log: FunctionLog,
        exchange: Exchange,
    ) -> None:
        self._scratch = tempfile.mkdtemp(prefix="lambda-")
        self._exchange = exchange
        self._process = subprocess.Popen(
            tethered_command(command, grace_seconds=0),
            cwd=task_root,
            env={**environment, "HOME": self._scratch, "TMPDIR": self._scratch},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # a terminal's Ctrl-C is for the cloudstage, which ends its functions itself
        )
        assert self._process.stdout is not None  # noqa: S101 (asked for above)
        self._output = OutputReader(os.dup(self._process.stdout.fileno()), log.write)
        self._process.stdout.close()
        threading.Thread(target=self._report_exit, name="lambda-exit", daemon=True).start()

    def drain_output(self) -> None:
        """Move everything the process has written so far into its log."""
        self._output.drain()

    def kill(self) -> None:
        """End the process and what it started, as the end of a sandbox does: at once."""
        self._process.terminate()
        self._process.wait()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def _report_exit(self) -> None:
        self._exchange.report(Exited(self._process.wait()))


class OutputReader:
    """Reads the pipe ``descriptor`` in a thread of its own and hands over whole lines.

    A process writes before it reports, so once a report is there, ``drain`` finds everything that belongs to
    it in the pipe: nothing has to be waited for.
    """

    def __init__(self, descriptor: int, write: Callable[[list[str]], None]) -> None:
        self._descriptor = descriptor
        self._write = write
        self._unfinished = b""
        self._closed = False
        self._lock = threading.Lock()
        os.set_blocking(descriptor, False)
        threading.Thread(target=self._follow, name="lambda-output", daemon=True).start()

    def drain(self) -> None:
        """Hand over everything written so far, also a last line without its end."""
        with self._lock:
            self._read_available()
            if self._unfinished:
                self._write([_text(self._unfinished)])
                self._unfinished = b""

    def _follow(self) -> None:
        poller = select.poll()
        poller.register(self._descriptor, select.POLLIN)
        while True:
            poller.poll()
            with self._lock:
                self._read_available()
                if self._closed:
                    os.close(self._descriptor)
                    return

    def _read_available(self) -> None:
        while not self._closed:
            try:
                chunk = os.read(self._descriptor, 65536)
            except BlockingIOError:
                return
            if not chunk:
                self._closed = True
            *lines, self._unfinished = (self._unfinished + chunk).split(b"\n")
            if lines:
                self._write([_text(line) for line in lines])


def _text(line: bytes) -> str:
    """A line as text; the runtime client writes the line feeds within one event as carriage returns."""
    return line.decode("utf-8", "replace").rstrip("\r").replace("\r", "\n")
