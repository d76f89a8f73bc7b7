"""What the Glue executor is given besides the stage: how it gets its tools, and its clock."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

from ops.local import jars, java, runtimes
from ops.local.glue.spark import SparkInstallation
from ops.local.runtimes import Runtime

Report = Callable[[str], None]


@dataclass(frozen=True)
class Tools:
    """What a run needs on this machine. ``spark`` is None where no job uses it."""

    runtime: Runtime
    spark: SparkInstallation | None


def provide_tools(report: Report) -> Tools:
    """The Glue runtime with its Spark; fetches what is missing and tells ``report`` about it."""
    runtime = runtimes.ensure(runtimes.glue(), report)
    archives = jars.ensure(report)
    spark = SparkInstallation(
        python=runtime.python,
        spark_home=runtime.site_packages / "pyspark",
        java_home=java.find().home,
        archives=tuple(path for jar, path in archives.items() if not jar.is_iceberg),
        iceberg_archives=tuple(path for jar, path in archives.items() if jar.is_iceberg),
        memory_mb=_memory_mb(),
    )
    return Tools(runtime, spark)


def _memory_mb() -> int:
    """A quarter of the machine's memory for a driver, between 1 and 4 GB: several may run beside everything else."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return max(1024, min(4096, total // 4 // 2**20))


@dataclass(frozen=True)
class Settings:
    """The executor's tools and times; tests give others."""

    provide_tools: Callable[[Report], Tools] = provide_tools
    seconds_per_minute: float = 60.0
    log_interval: float = 1.0
    grace_seconds: float = 5.0
