"""Start and end the process of an execution environment."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path

from cloudstage.awslambda.exchange import Exchange, Exited
from cloudstage.awslambda.logs import FunctionLog
from cloudstage.awslambda.output import OutputReader
from cloudstage.tether import tethered_command


class FunctionProcess:
    """A running function process whose output goes to ``log`` and whose end is reported to ``exchange``."""

    def __init__(
        self,
        command: list[str],
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
