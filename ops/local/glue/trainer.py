"""Prepares, beside a running stage, what makes job runs start quickly; see `class_data`."""

from __future__ import annotations

import contextlib
import logging
import subprocess
import sys
import threading
from pathlib import Path

from ops.errors import OpsError
from ops.local import jars, runtimes
from ops.local.glue.class_data import ClassData
from ops.local.glue.spark import WITH_ICEBERG
from ops.local.glue.tools import provide_tools
from ops.local.tether import tethered_command
from ops.project import ROOT

TRAINING = "ops.local.glue.training"
log = logging.getLogger(__name__)


class Trainer:
    """One preparation in the background, in a process of its own, which gives way to everything else."""

    def __init__(self, log_file: Path) -> None:
        self._log_file = log_file
        self._process: subprocess.Popen[bytes] | None = None
        self._ended = False
        self._lock = threading.Lock()

    def begin(self) -> None:
        """Start preparing, if anything is missing on this machine. Returns at once."""
        threading.Thread(target=self._begin, name="glue-trainer", daemon=True).start()

    def end(self) -> None:
        """Stop preparing: it is taken up again when a stage starts."""
        with self._lock:
            self._ended = True
            if self._process:
                self._process.terminate()
                self._process.wait()

    def _begin(self) -> None:
        if self._is_ready():
            return
        with self._lock, self._log_file.open("ab") as output, contextlib.suppress(OSError):
            if not self._ended:
                self._process = subprocess.Popen(
                    tethered_command([sys.executable, "-m", TRAINING], grace_seconds=0),
                    cwd=ROOT,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )

    @staticmethod
    def _is_ready() -> bool:
        """Whether there is nothing to do. Asking for Java here also spares the first run the question."""
        if not (runtimes.installed(runtimes.glue()) and jars.present()):
            return False
        try:
            spark = provide_tools(log.info).spark
        except OpsError:  # the next run will fail with this, and its reason
            log.exception("The tools of Glue jobs are not usable")
            return True
        if not spark or not isinstance(spark.class_sharing, ClassData):
            return True
        return not spark.class_sharing.missing(spark.class_path(WITH_ICEBERG))
