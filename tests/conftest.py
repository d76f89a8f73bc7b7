"""The one Spark session that all unit tests share: plain Spark, no jars.

It starts in the background as soon as it is known that a test needs it, so that tests which don't need it
run meanwhile. Properties hold on a loaded machine, too: Hypothesis does not judge how long an example takes.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

QUICK_START = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1"
STARTING: pytest.StashKey[Future[SparkSession]] = pytest.StashKey()


def pytest_collection_finish(session: pytest.Session) -> None:
    """Start Spark if one of the tests that will run asks for it."""
    needed = any("spark" in getattr(item, "fixturenames", ()) for item in session.items)
    if session.config.option.collectonly or not needed:
        return
    from cloudstage.runtimes import java

    directory = TemporaryDirectory(prefix="spark-")
    session.config.add_cleanup(directory.cleanup)
    patch = pytest.MonkeyPatch()
    session.config.add_cleanup(patch.undo)
    patch.setenv("JAVA_HOME", str(java.find("17").home))
    patch.setenv("SPARK_LAUNCHER_OPTS", QUICK_START)
    patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    for name in ("SPARK_HOME", "SPARK_CONF_DIR", "PYSPARK_SUBMIT_ARGS"):
        patch.delenv(name, raising=False)
    starter = ThreadPoolExecutor(1)
    session.config.add_cleanup(starter.shutdown)
    session.config.stash[STARTING] = starter.submit(_start, Path(directory.name))


@pytest.fixture(scope="session")
def spark(request: pytest.FixtureRequest) -> Iterator[SparkSession]:
    session = request.config.stash[STARTING].result()
    yield session
    session.stop()


def _start(scratch: Path) -> SparkSession:
    from pyspark.sql import SparkSession

    settings = {
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.extraJavaOptions": QUICK_START,
        "spark.driver.host": "127.0.0.1",
        "spark.local.dir": str(scratch),
        "spark.sql.execution.arrow.pyspark.enabled": "true",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "1",
        "spark.sql.warehouse.dir": str(scratch / "warehouse"),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    builder = SparkSession.builder.master("local[1]").appName("tests")
    for key, value in settings.items():
        builder = builder.config(key, value)
    return builder.getOrCreate()
