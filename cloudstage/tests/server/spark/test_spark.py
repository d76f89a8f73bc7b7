"""A job's Spark is the one of AWS Glue: S3, the Glue catalog and Iceberg are there, and nothing else is."""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path

from cloudstage.lifecycle import Cloudstage

from .spark_jobs import BUCKET, SparkJobs, orphaned_workers, processes_of, wait_until

SESSION = """
from pyspark.sql import SparkSession
catalog = "spark.sql.catalog.glue_catalog"
spark = (
    SparkSession.builder
    .config(catalog, "org.apache.iceberg.spark.SparkCatalog")
    .config(f"{catalog}.type", "glue")
    .config(f"{catalog}.io-impl", "org.apache.iceberg.aws.s3.S3FileIO")
    .config(f"{catalog}.warehouse", "s3://lake/warehouse/")
    .config("spark.sql.extensions", "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions")
    .getOrCreate()
)
"""


def test_an_iceberg_table_is_written_and_read_back(jobs: SparkJobs) -> None:
    jobs.put("raw/one.csv", "signal,value\na,1.5\nb,2.5\n")
    jobs.put("raw/two.csv", "signal,value\na,3.5\n")
    script = f"""{SESSION}
table = "glue_catalog.db.observations"
rows = spark.read.csv("s3://lake/raw/", header=True).selectExpr("signal", "double(value) value")
spark.sql(f"create table {{table}} (signal string, value double) using iceberg partitioned by (signal)")
rows.writeTo(table).append()
spark.sql(f"merge into {{table}} t using (select 'a' signal, 1.5D value, 9.5D better) s"
          " on t.signal = s.signal and t.value = s.value when matched then update set value = s.better")
print(sorted(map(tuple, spark.table(table).collect())), spark.table(f"{{table}}.snapshots").count())
"""

    printed = jobs.succeeded(script, datalake_formats="iceberg")

    assert printed == ["[('a', 3.5), ('a', 9.5), ('b', 2.5)] 2"]
    table = jobs.glue.get_table(DatabaseName="db", Name="observations")["Table"]
    assert table["Parameters"]["table_type"] == "ICEBERG"
    assert table["StorageDescriptor"]["Location"] == "s3://lake/warehouse/db.db/observations"


def test_files_on_s3_are_read_written_replaced_and_removed(jobs: SparkJobs) -> None:
    script = """
    from pyspark.sql import SparkSession, functions as F
    spark = SparkSession.builder.getOrCreate()
    numbers = spark.range(100_000).withColumn("text", F.sha2(F.col("id").cast("string"), 512))
    for scheme in ("s3", "s3a"):
        numbers.limit(10).write.mode("overwrite").parquet(f"{scheme}://lake/out/")
    numbers.limit(5).write.mode("append").parquet("s3://lake/out/")
    print(spark.read.parquet("s3://lake/out/").count())
    # 13 MB in one file, with parts of 5 MB: an upload in parts.
    numbers.coalesce(1).write.option("compression", "none").json("s3://lake/large/")
    print(spark.read.json("s3://lake/large/").count())
    path = spark._jvm.org.apache.hadoop.fs.Path("s3://lake/out/")
    files = path.getFileSystem(spark._jsc.hadoopConfiguration())
    print([str(it.getPath()) for it in files.listStatus(path) if not it.getLen()])
    print(files.rename(path, spark._jvm.org.apache.hadoop.fs.Path("s3://lake/renamed/")), files.exists(path))
    print(files.delete(spark._jvm.org.apache.hadoop.fs.Path("s3://lake/renamed/"), True))
    """

    printed = jobs.succeeded(script, conf="spark.hadoop.fs.s3a.multipart.size=5M")

    assert printed == ["15", "100000", "['s3://lake/out/_SUCCESS']", "True False", "True"]
    kept = [
        found["Key"]
        for found in jobs.s3.list_objects_v2(Bucket=BUCKET, Prefix="renamed/").get("Contents", [])
    ]
    assert kept == []


def test_the_files_of_a_task_are_there_once_it_has_ended_unless_partitions_are_overwritten(
    jobs: SparkJobs,
) -> None:
    """As with the committer of AWS. The first task succeeds, and the second fails."""
    script = """
    from pyspark.sql import SparkSession
    spark = SparkSession.builder.getOrCreate()
    numbers = spark.range(0, 2, 1, 2).selectExpr("if(id = 1, raise_error('no'), id) as id", "id + 5 as part")
    for mode in ("static", "dynamic"):
        try:
            numbers.write.partitionBy("part").mode("overwrite").option("partitionOverwriteMode", mode).parquet(
                f"s3://lake/failed/{mode}/")
        except Exception as error:
            print(mode, "failed")
    """

    printed = jobs.succeeded(script, conf="spark.master=local[1]")

    assert printed == ["static failed", "dynamic failed"]
    left = jobs.s3.list_objects_v2(Bucket=BUCKET, Prefix="failed/").get("Contents", [])
    assert [found["Key"].rpartition("/")[0] for found in left if found["Size"]] == ["failed/static/part=5"]


def test_settings_of_the_job_win(jobs: SparkJobs) -> None:
    script = """
    from pyspark.sql import SparkSession
    spark = SparkSession.builder.getOrCreate()
    print(spark.conf.get("spark.sql.shuffle.partitions"), spark.conf.get("spark.example"))
    print(spark.sparkContext.uiWebUrl, spark.conf.get("spark.sql.session.timeZone"))
    spark.sparkContext.parallelize([1]).map(lambda _: __import__("pandas").__version__).collect()
    """

    printed = jobs.succeeded(script, conf="spark.sql.shuffle.partitions=7 --conf spark.example=a=b")

    assert printed == ["7 a=b", "None UTC"]


def test_without_the_argument_there_is_no_iceberg(jobs: SparkJobs) -> None:
    run = jobs.ended(f"{SESSION}\nspark.sql('show tables in glue_catalog.db').show()")

    assert run["JobRunState"] == "FAILED"
    assert "org.apache.iceberg.spark.SparkCatalog" in run["ErrorMessage"]


def test_what_spark_logs_is_in_the_error_group(jobs: SparkJobs) -> None:
    script = """
    from pyspark.sql import SparkSession
    spark = SparkSession.builder.getOrCreate()
    spark._jvm.org.apache.log4j.LogManager.getLogger("the.job").warn("mind the gap")
    print("to the user")
    """
    run = jobs.ended(script)

    assert jobs.log(run["Id"], "output") == ["to the user"]
    (line,) = jobs.log(run["Id"], "error")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:,]+ WARN job: mind the gap", line)


def test_a_failure_inside_spark_is_told_in_a_line(jobs: SparkJobs) -> None:
    script = """
    from pyspark.sql import SparkSession
    spark = SparkSession.builder.getOrCreate()
    spark.read.parquet("s3://lake/nowhere/").show()
    """
    run = jobs.ended(script)

    assert run["JobRunState"] == "FAILED"
    assert run["ErrorMessage"].startswith(
        "AnalysisException: [PATH_NOT_FOUND] Path does not exist: s3://lake/nowhere"
    )
    assert "\n" not in run["ErrorMessage"]


def test_a_job_whose_java_ended_says_so(jobs: SparkJobs) -> None:
    script = """
    import os, signal
    from pyspark.sql import SparkSession
    spark = SparkSession.builder.getOrCreate()
    os.kill(spark.sparkContext._gateway.proc.pid, signal.SIGKILL)
    spark.range(3).count()
    """
    run = jobs.ended(script)

    assert run["JobRunState"] == "FAILED"
    assert "Spark's Java process ended" in run["ErrorMessage"]


HANGS_IN_SPARK = """
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
def wait(rows):
    import boto3, threading
    boto3.client("s3").put_object(Bucket="lake", Key="in-spark/{0}")
    threading.Event().wait()
    return rows
spark.sparkContext.parallelize([1], 1).mapPartitions(wait).collect()
"""


def test_a_job_that_hangs_in_spark_is_stopped_with_its_java_and_its_workers(jobs: SparkJobs) -> None:
    name, run_id = jobs.start(HANGS_IN_SPARK.format("stopped"))
    wait_until(lambda: jobs.has("in-spark/stopped"))
    before = processes_of(run_id)

    jobs.glue.batch_stop_job_run(JobName=name, JobRunIds=[run_id])
    ended = jobs.wait(name, run_id)

    assert any("org.apache.spark.deploy.SparkSubmit" in line for line in before)
    assert ended["JobRunState"] == "STOPPED"
    assert processes_of(run_id) == []
    wait_until(lambda: not orphaned_workers())


def test_a_stage_that_is_killed_leaves_nothing_running_and_fails_the_run(tmp_path: Path) -> None:
    local = Cloudstage(tmp_path / "local")
    jobs = SparkJobs(local.up())
    try:
        name, run_id = jobs.start(HANGS_IN_SPARK.format("killed"))
        wait_until(lambda: jobs.has("in-spark/killed"))

        os.kill(jobs.stage.pid, signal.SIGKILL)
        wait_until(lambda: not processes_of(run_id) and not orphaned_workers())
        jobs.connect(local.up())

        run = jobs.run(name, run_id)
        assert run["JobRunState"] == "FAILED"
        assert "cloudstage stopped" in run["ErrorMessage"]
    finally:
        local.delete()
