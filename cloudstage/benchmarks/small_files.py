"""Spark as a Glue job has it writes many small files, to the local disk and to a server."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from cloudstage.glue.spark import SparkWishes, configure
from cloudstage.glue.tools import provide_tools
from cloudstage.runtimes.versions import GLUE_VERSIONS

if TYPE_CHECKING:
    from servers import Server

FILES = 1200
SCRIPT = """
import json, sys, time
from pyspark.sql import SparkSession

spark = SparkSession.builder.getOrCreate()
targets, files = sys.argv[1:3], int(sys.argv[3])

def write(target, number):
    begun = time.perf_counter()
    spark.range(0, 10 * number, 1, number).write.mode("overwrite").parquet(target)
    return time.perf_counter() - begun

for target in targets:  # both file systems are loaded, and Java has compiled what it will
    write(target + "-before", 50)
print(json.dumps([write(target, files) for target in targets]))
"""


def write_with_spark(directory: Path, server: Server, target: str) -> tuple[float, float]:
    """Seconds to write the files below ``directory``, and to ``target``.

    Args:
        directory: an empty one.
        server: where Spark finds S3.
        target: an address in a bucket that exists.
    """
    version = GLUE_VERSIONS["5.1"]
    spark = provide_tools(version, print).spark
    if spark is None:
        raise RuntimeError("There is no Spark for Glue 5.1")
    client = server.environment | {"AWS_ENDPOINT_URL": server.endpoint}
    environment = configure(spark, directory, client, SparkWishes())
    script = directory / "write.py"
    script.write_text(SCRIPT)
    done = subprocess.run(
        [str(spark.python), str(script), (directory / "out").as_uri(), target, str(FILES)],
        env=os.environ | client | environment,
        stdout=subprocess.PIPE,
        check=True,
    )
    local, remote = json.loads(done.stdout.splitlines()[-1])
    return local, remote
