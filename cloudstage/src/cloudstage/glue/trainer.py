"""Has the class data of `class_data` made beside a running cloudstage, so that later runs start quickly."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from pathlib import Path

from cloudstage import runtimes
from cloudstage.errors import CloudstageError
from cloudstage.glue.class_data import ClassData
from cloudstage.glue.spark import WITH_ICEBERG
from cloudstage.glue.tools import provide_tools
from cloudstage.runtimes import jars
from cloudstage.runtimes.versions import GlueVersion
from cloudstage.tether import tethered_command

TRAINING = "cloudstage.glue.training"
log = logging.getLogger(__name__)


class Trainer:
    """Runs the training in a process of its own, which gives way to everything else on the machine."""

    def __init__(self, version: GlueVersion, log_file: Path) -> None:
        self._version = version
        self._log_file = log_file
        self._process: subprocess.Popen[bytes] | None = None
        self._ended = False
        self._lock = threading.Lock()

    def begin(self) -> None:
        """Start training if it is time for it: Spark is there, and its class data is not. Returns at once."""
        threading.Thread(target=self._begin, name="glue-trainer", daemon=True).start()

    def end(self) -> None:
        """Stop training: it is taken up again when a cloudstage starts."""
        with self._lock:
            self._ended = True
            if self._process:
                self._process.terminate()
                self._process.wait()

    def _begin(self) -> None:
        with self._lock:
            running = self._process is not None and self._process.poll() is None
            if running or self._ended or not _is_time(self._version):
                return
            with self._log_file.open("ab") as output:
                self._process = subprocess.Popen(
                    tethered_command(
                        [sys.executable, "-P", "-m", TRAINING, self._version.name], grace_seconds=0
                    ),
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )


def _is_time(version: GlueVersion) -> bool:
    """Not before something has fetched Spark: a cloudstage may never run a job. Asking for Java is ahead of its use."""
    if not (runtimes.installed(version.runtime) and jars.present(version)):
        return False
    try:
        spark = provide_tools(version, log.info).spark
    except CloudstageError:  # the next run will fail with it
        return False
    if spark is None or not isinstance(spark.class_sharing, ClassData):
        return False
    return spark.class_sharing.missing(spark.class_path(WITH_ICEBERG))
