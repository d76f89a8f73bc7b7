"""Has the class data of `class_data` made beside a running stage, so that later runs start quickly."""

from __future__ import annotations

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
    """Runs the training in a process of its own, which gives way to everything else on the machine."""

    def __init__(self, log_file: Path) -> None:
        self._log_file = log_file
        self._process: subprocess.Popen[bytes] | None = None
        self._ended = False
        self._lock = threading.Lock()

    def begin(self) -> None:
        """Start training if it is time for it: Spark is there, and its class data is not. Returns at once."""
        threading.Thread(target=self._begin, name="glue-trainer", daemon=True).start()

    def end(self) -> None:
        """Stop training: it is taken up again when a stage starts."""
        with self._lock:
            self._ended = True
            if self._process:
                self._process.terminate()
                self._process.wait()

    def _begin(self) -> None:
        with self._lock:
            running = self._process is not None and self._process.poll() is None
            if running or self._ended or not _is_time():
                return
            with self._log_file.open("ab") as output:
                self._process = subprocess.Popen(
                    tethered_command([sys.executable, "-m", TRAINING], grace_seconds=0),
                    cwd=ROOT,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )


def _is_time() -> bool:
    """Not before something has fetched Spark: a stage may never run a job. Asking for Java is ahead of its use."""
    if not (runtimes.installed(runtimes.glue()) and jars.present()):
        return False
    try:
        spark = provide_tools(log.info).spark
    except OpsError:  # the next run will fail with it
        return False
    if spark is None or not isinstance(spark.class_sharing, ClassData):
        return False
    return spark.class_sharing.missing(spark.class_path(WITH_ICEBERG))
