"""What a job's Spark is given from outside, as AWS Glue gives it: where S3 is, which archives to load, where to log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

LOG4J = """\
status = error
rootLogger.level = warn
rootLogger.appenderRef.file.ref = file
appender.file.type = File
appender.file.name = file
appender.file.fileName = {log}
appender.file.layout.type = PatternLayout
appender.file.layout.pattern = %d{{yyyy-MM-dd'T'HH:mm:ss,SSS}} %p %c{{1}}: %m%n%ex
# Said at every start, of things a local run does not have: native libraries, and a configuration of metrics.
logger.native.name = org.apache.hadoop.util.NativeCodeLoader
logger.native.level = error
logger.metrics.name = org.apache.hadoop.metrics2.impl.MetricsConfig
logger.metrics.level = error
"""
# Small data on a laptop: the time goes into starting, which a simple collector and a quick compiler shorten.
JVM_OPTIONS = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xlog:disable", "-Xlog:all=error:stderr")


@dataclass(frozen=True)
class SparkInstallation:
    """A Spark that can be started: Python with pyspark, Java, and archives in the order of the class path."""

    python: Path
    spark_home: Path
    java_home: Path
    archives: tuple[Path, ...]
    iceberg_archives: tuple[Path, ...]
    memory_mb: int


def configure(
    spark: SparkInstallation,
    directory: Path,
    client: Mapping[str, str],
    *,
    iceberg: bool,
    extra_jars: Sequence[Path] = (),
    settings: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Write Spark's configuration into ``directory``; return the environment variables that make Spark use it.

    Args:
        spark: the installation.
        directory: of this run alone; Spark's temporary files and its log ``spark.log`` go there too.
        client: the client environment of the stage: ``AWS_ENDPOINT_URL``, ``AWS_REGION``.
        iceberg: whether Iceberg's archives are loaded.
        extra_jars: archives of the job's own.
        settings: Spark settings of the job's own, which win.
    """
    log4j, properties, scratch = (
        directory / "log4j2.properties",
        directory / "spark.properties",
        directory / "scratch",
    )
    scratch.mkdir()
    log4j.write_text(LOG4J.format(log=directory / "spark.log"), encoding="utf-8")
    # Spark's own archives come first, so that no class bundled in another one (log4j, say) replaces theirs.
    archives = [
        spark.spark_home / "jars/*",
        *spark.archives,
        *(spark.iceberg_archives if iceberg else ()),
        *extra_jars,
    ]
    everything = {
        **_session(spark, scratch),
        **_s3(client, scratch),
        "spark.driver.extraClassPath": ":".join(map(str, archives)),
        "spark.driver.extraJavaOptions": " ".join(
            [*JVM_OPTIONS, f"-Dlog4j2.configurationFile={log4j.as_uri()}"]
        ),
        **(settings or {}),
    }
    properties.write_text(
        "".join(f"{name} {value}\n" for name, value in everything.items()), encoding="utf-8"
    )
    return {
        "JAVA_HOME": str(spark.java_home),
        "SPARK_HOME": str(spark.spark_home),
        "SPARK_CONF_DIR": str(directory / "no-spark-conf"),
        "SPARK_LAUNCHER_OPTS": " ".join(JVM_OPTIONS),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "PYSPARK_PYTHON": str(spark.python),
        "PYSPARK_SUBMIT_ARGS": f"--properties-file {properties} pyspark-shell",
    }


def _session(spark: SparkInstallation, scratch: Path) -> dict[str, str]:
    return {
        "spark.master": "local[*]",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.memory": f"{spark.memory_mb}m",
        "spark.local.dir": str(scratch),
        "spark.sql.warehouse.dir": (scratch / "warehouse").as_uri(),
        "spark.sql.shuffle.partitions": "4",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }


def _s3(client: Mapping[str, str], scratch: Path) -> dict[str, str]:
    s3a = {
        "aws.credentials.provider": "com.amazonaws.auth.EnvironmentVariableCredentialsProvider",
        "buffer.dir": str(scratch),
        "connection.ssl.enabled": "false",
        "endpoint": client["AWS_ENDPOINT_URL"],
        "endpoint.region": client["AWS_REGION"],
        "path.style.access": "true",
    }
    settings = {f"spark.hadoop.fs.s3a.{name}": value for name, value in s3a.items()}
    return {"spark.hadoop.fs.s3.impl": "org.apache.hadoop.fs.s3a.S3AFileSystem", **settings}
