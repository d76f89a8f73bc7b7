"""The one Spark session that all unit tests share: plain Spark, no jars, started when a test first asks."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    from pyspark.sql import SparkSession

    from ops.local import java

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JAVA_HOME", str(java.find().home))
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        for name in [name for name in os.environ if name.startswith("SPARK_CONF")]:
            patch.delenv(name)
        scratch = tmp_path_factory.mktemp("spark")
        settings = {
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.extraJavaOptions": "-XX:+UseSerialGC -XX:TieredStopAtLevel=1",
            "spark.sql.execution.arrow.pyspark.enabled": "true",
            "spark.local.dir": str(scratch),
            "spark.sql.session.timeZone": "UTC",
            "spark.sql.shuffle.partitions": "1",
            "spark.sql.warehouse.dir": str(scratch / "warehouse"),
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
        }
        builder = SparkSession.builder.master("local[1]").appName("tests")
        for key, value in settings.items():
            builder = builder.config(key, value)
        session = builder.getOrCreate()
        yield session
        session.stop()
