"""What the session of `training` does. Run by path in the Glue runtime, with pyspark and boto3."""

import os

import boto3
from pyspark.sql import SparkSession

BUCKET = "training"
TABLE = "glue_catalog.training.numbers"
CATALOG = "spark.sql.catalog.glue_catalog"
SETTINGS = {
    CATALOG: "org.apache.iceberg.spark.SparkCatalog",
    f"{CATALOG}.type": "glue",
    f"{CATALOG}.io-impl": "org.apache.iceberg.aws.s3.S3FileIO",
    f"{CATALOG}.warehouse": f"s3://{BUCKET}/",
    "spark.sql.extensions": "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
}


def main() -> None:
    """Load the classes that jobs load, and wait until Java has written them down."""
    _deliver()
    builder = SparkSession.builder
    for name, value in SETTINGS.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    _work(session)
    java = session.sparkContext._gateway.proc  # type: ignore[union-attr]  # a session has a gateway
    session.stop()
    java.stdin.close()
    java.wait()


def _deliver() -> None:
    s3, region = boto3.client("s3"), os.environ["AWS_REGION"]
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": region})
    rows = "".join(f"{number},{number / 7},{number % 3}\n" for number in range(100))
    s3.put_object(Bucket=BUCKET, Key="raw/numbers.csv", Body=f"id,value,part\n{rows}".encode())
    boto3.client("glue").create_database(DatabaseInput={"Name": BUCKET})


def _work(session: SparkSession) -> None:
    lines = session.read.text(f"s3://{BUCKET}/raw/")
    lines.rdd.map(len).count()
    session.read.csv(f"s3://{BUCKET}/raw/", header=True).createOrReplaceTempView("raw")
    session.sql(
        f"create table {TABLE} (id bigint, value double, part string, at timestamp_ntz) using iceberg"
        " partitioned by (part, years(at))"
    )
    rows = "select int(id) id, double(value) value, part, timestamp_ntz'2020-01-01' at from raw"
    session.sql(f"insert into {TABLE} {rows}")
    session.sql(
        f"merge into {TABLE} t using ({rows}) s on t.id = s.id"
        " when matched then update set value = s.value when not matched then insert *"
    )
    session.table(TABLE).groupBy("part").count().join(session.table(TABLE), "part").orderBy("id").toPandas()
    session.table(f"{TABLE}.snapshots").collect()
    session.createDataFrame([(1, "one")], ["id", "name"]).write.mode("overwrite").parquet(
        f"s3://{BUCKET}/out/"
    )
    session.read.parquet(f"s3://{BUCKET}/out/").count()


if __name__ == "__main__":
    main()
