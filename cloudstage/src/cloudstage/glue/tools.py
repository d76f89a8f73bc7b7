"""What a job run needs on this machine: the Glue runtime's Python, and a Spark as AWS Glue has it."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

from cloudstage import runtimes
from cloudstage.glue.class_data import ClassData
from cloudstage.glue.spark import SparkInstallation
from cloudstage.runtimes import Runtime, jars, java
from cloudstage.runtimes.versions import GlueVersion

Report = Callable[[str], None]


@dataclass(frozen=True)
class Tools:
    """A runtime, and its Spark; None where no job uses Spark."""

    runtime: Runtime
    spark: SparkInstallation | None


def provide_tools(version: GlueVersion, report: Report) -> Tools:
    """The tools of a Glue version; fetches what is missing and says so to ``report``.

    Raises:
        CloudstageError: something is missing and can't be had.
    """
    runtime = runtimes.ensure(version.runtime, report)
    archives = jars.ensure(version, report)
    found_java = java.find(version.java)
    class_data = runtime.directory.with_name(f"{runtime.directory.name}-class-data")
    spark = SparkInstallation(
        python=runtime.python,
        spark_home=runtime.site_packages / "pyspark",
        java_home=found_java.home,
        archives=tuple(path for jar, path in archives.items() if not jar.is_iceberg),
        iceberg_archives=tuple(path for jar, path in archives.items() if jar.is_iceberg),
        memory_mb=_memory_mb(),
        class_sharing=ClassData(class_data, found_java),
    )
    return Tools(runtime, spark)


def provide_shell(runtime: str, report: Report) -> Tools:
    """The tools of a Python shell job: an environment, and no Spark.

    Raises:
        CloudstageError: it is missing and can't be had.
    """
    return Tools(runtimes.ensure(runtime, report), spark=None)


def _memory_mb() -> int:
    """A quarter of the machine's memory for a driver, 1 to 4 GB: several may run, beside everything else."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return max(1024, min(4096, total // 4 // 2**20))
