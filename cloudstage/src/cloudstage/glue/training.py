"""Make the archive of `class_data`: `python -m cloudstage.glue.training`.

A session does what jobs do, read from S3 and write an Iceberg table, with an S3 and a Glue of its own.
"""

from __future__ import annotations

import contextlib
import dataclasses
import fcntl
import logging
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from moto.server import ThreadedMotoServer

from cloudstage.credentials import generate
from cloudstage.environment import client_environment
from cloudstage.glue import spark
from cloudstage.glue.class_data import ClassData, Recording
from cloudstage.glue.driver import driver_environment
from cloudstage.glue.tools import provide_tools
from cloudstage.runtimes.versions import GLUE_VERSIONS, GlueVersion
from cloudstage.tether import tethered_command

SESSION = Path(__file__).with_name("training_session.py")


def train(version: GlueVersion) -> None:
    """Make the archive, unless it is there or another process is making it."""
    installation = provide_tools(version, print).spark
    if not installation or not isinstance(class_data := installation.class_sharing, ClassData):
        return
    class_data.directory.mkdir(parents=True, exist_ok=True)
    class_path = installation.class_path(spark.WITH_ICEBERG)
    with (class_data.directory / "lock").open("w") as lock, contextlib.suppress(BlockingIOError):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not class_data.missing(class_path):
            return
        for interrupted in class_data.directory.glob("training-*"):
            shutil.rmtree(interrupted)
        try:
            with tempfile.TemporaryDirectory(prefix="training-", dir=class_data.directory) as scratch:
                _record(installation, class_data, Path(scratch))
        except subprocess.CalledProcessError as error:
            class_data.failure(class_path).write_text(str(error), encoding="utf-8")
            raise


def _record(installation: spark.SparkInstallation, class_data: ClassData, scratch: Path) -> None:
    base, session = scratch / "java.jsa", scratch / "spark.jsa"
    java = [str(class_data.java.executable), "-Xlog:disable", "-Xshare:dump", f"-XX:SharedArchiveFile={base}"]
    subprocess.run(tethered_command(java), check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    for outdated in class_data.directory.glob("*.jsa"):
        outdated.unlink()
    base.replace(class_data.base)
    recording = dataclasses.replace(installation, class_sharing=Recording(class_data.base, session))
    with _aws() as client:
        environment = driver_environment(installation.python, scratch, [], client)
        environment |= spark.configure(recording, scratch, client, spark.WITH_ICEBERG)
        command = tethered_command([str(installation.python), "-P", str(SESSION)])
        subprocess.run(command, check=True, env=environment, cwd=environment["PWD"], stdin=subprocess.DEVNULL)
    session.replace(class_data.session(installation.class_path(spark.WITH_ICEBERG)))


@contextlib.contextmanager
def _aws() -> Iterator[dict[str, str]]:
    """An emulator that lasts as long as the ``with`` block; the environment of its clients."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield client_environment(f"http://{host}:{port}", "eu-central-1", generate())
    finally:
        server.stop()


if __name__ == "__main__":
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    os.nice(10)
    train(GLUE_VERSIONS[sys.argv[1]])
