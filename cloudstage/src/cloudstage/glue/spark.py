"""What a job's Spark is given from outside, as AWS Glue gives it: where S3 is, what to load, where to log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cloudstage.glue.class_data import ClassSharing

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
# What a script says by GlueContext.get_logger().
logger.glue.name = GlueLogger
logger.glue.level = info
"""
# Small data on a laptop: a simple collector, and only the quick compiler. Measured: a small job takes 8.8 s of
# processor time instead of 14.0; one of 5 million rows as much; one of 20 million a third more.
JVM_OPTIONS = (
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-Xlog:disable",
    "-Xlog:all=error:stderr",
    "-Dfile.encoding=UTF-8",
)


@dataclass(frozen=True)
class SparkInstallation:
    """A Spark that can be started: Python with pyspark, Java, and archives in the order of the class path."""

    python: Path
    spark_home: Path
    java_home: Path
    archives: tuple[Path, ...]
    iceberg_archives: tuple[Path, ...]
    memory_mb: int
    class_sharing: ClassSharing | None = None

    def class_path(self, wishes: SparkWishes) -> list[Path]:
        """Spark's own archives come first: no class bundled in another (log4j, say) may replace theirs."""
        iceberg = self.iceberg_archives if wishes.iceberg else ()
        return [self.spark_home / "jars/*", *self.archives, *iceberg, *wishes.extra_jars]

    def java_options(self, class_path: Sequence[Path]) -> list[str]:
        """What makes Java start quickly with a class path."""
        return [*JVM_OPTIONS, *(self.class_sharing.options(class_path) if self.class_sharing else ())]


@dataclass(frozen=True)
class SparkWishes:
    """What a job itself asks of Spark: Iceberg, archives of its own, settings that win over all others."""

    iceberg: bool = False
    extra_jars: tuple[Path, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)


WITH_ICEBERG = SparkWishes(iceberg=True)
"""What most jobs wish."""


def configure(
    spark: SparkInstallation, directory: Path, client: Mapping[str, str], wishes: SparkWishes
) -> dict[str, str]:
    """Write Spark's configuration into ``directory``; return the environment that makes Spark use it.

    ``directory`` is of one session alone: Spark's temporary files and its log, ``spark.log``, go there too.
    ``client`` is the client environment of the cloudstage; its ``AWS_ENDPOINT_URL`` and ``AWS_REGION`` are used.
    """
    log4j, properties, scratch = (
        directory / name for name in ("log4j2.properties", "spark.properties", "scratch")
    )
    scratch.mkdir()
    log4j.write_text(LOG4J.format(log=directory / "spark.log"), encoding="utf-8")
    class_path = spark.class_path(wishes)
    java_options = [*spark.java_options(class_path), f"-Dlog4j2.configurationFile={log4j.as_uri()}"]
    everything = {
        **_session(spark, scratch),
        **_s3(client, scratch),
        "spark.driver.extraClassPath": ":".join(map(str, class_path)),
        "spark.driver.extraJavaOptions": " ".join(f'"{option}"' for option in java_options),
        **wishes.settings,
    }
    properties.write_text(
        "".join(f"{name} {value}\n" for name, value in everything.items()), encoding="utf-8"
    )
    return {
        "JAVA_HOME": str(spark.java_home),
        "SPARK_HOME": str(spark.spark_home),
        # One that does not exist: it is on the class path, and a directory there prevents sharing classes.
        "SPARK_CONF_DIR": "/nonexistent",
        # Spark's script splits these at spaces, whatever their quotes.
        "SPARK_LAUNCHER_OPTS": " ".join(option for option in spark.java_options([]) if " " not in option),
        "SPARK_LOCAL_DIRS": str(scratch),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "PYSPARK_PYTHON": str(spark.python),
        "PYSPARK_SUBMIT_ARGS": f'--properties-file "{properties}" pyspark-shell',
    }


def _session(spark: SparkInstallation, scratch: Path) -> dict[str, str]:
    return {
        "spark.master": "local[*]",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.memory": f"{spark.memory_mb}m",
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
        # Or else each object that is written costs a request to delete what may mark its parents as directories.
        "directory.marker.retention": "keep",
        "endpoint": client["AWS_ENDPOINT_URL"],
        "endpoint.region": client["AWS_REGION"],
        "path.style.access": "true",
    }
    settings = {f"spark.hadoop.fs.s3a.{name}": value for name, value in s3a.items()}
    return {
        "spark.hadoop.fs.s3.impl": "org.apache.hadoop.fs.s3a.S3AFileSystem",
        # AWS's own committer is not public. With it, too, the files of a task are there once the task has ended,
        # unless partitions are overwritten dynamically. Source: "EMR Spark MagicCommitProtocol", Amazon EMR.
        "spark.hadoop.mapreduce.fileoutputcommitter.algorithm.version": "2",
        **settings,
    }
