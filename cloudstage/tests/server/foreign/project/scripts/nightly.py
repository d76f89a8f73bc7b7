# ruff: noqa
# mypy: ignore-errors

import sys

from awsglue.context import GlueContext
from awsglue.dynamicframe import DynamicFrame
from awsglue.job import Job
from awsglue.transforms import *
from awsglue.utils import getResolvedOptions
from pyspark.context import SparkContext

args = getResolvedOptions(sys.argv, ["JOB_NAME", "database", "target"])

sc = SparkContext()
glueContext = GlueContext(sc)
spark = glueContext.spark_session
job = Job(glueContext)
job.init(args["JOB_NAME"], args)

incoming = glueContext.create_dynamic_frame.from_catalog(
    database=args["database"], table_name="incoming", transformation_ctx="incoming"
)
mapped = ApplyMapping.apply(
    frame=incoming,
    mappings=[
        ("id", "string", "order_id", "string"),
        ("customer", "string", "customer", "string"),
        ("amount", "string", "amount", "double"),
    ],
    transformation_ctx="mapped",
)
good = Filter.apply(frame=mapped, f=lambda order: order["amount"] is not None, transformation_ctx="good")
once = DynamicFrame.fromDF(good.toDF().dropDuplicates(["order_id"]).coalesce(1), glueContext, "once")
glueContext.write_dynamic_frame.from_options(
    frame=once,
    connection_type="s3",
    connection_options={"path": args["target"]},
    format="parquet",
    transformation_ctx="written",
)
glueContext.get_logger().info(f"{once.count()} orders")
job.commit()
