"""Scripts that begin with ``awsglue``, as nearly every one written for AWS Glue does."""

from __future__ import annotations

import pytest

from .spark_jobs import BUCKET, SparkJobs

CLASSIC = """
import sys
from awsglue.transforms import *
from awsglue.utils import getResolvedOptions
from pyspark.context import SparkContext
from awsglue.context import GlueContext
from awsglue.dynamicframe import DynamicFrame, DynamicFrameCollection
from awsglue.job import Job

args = getResolvedOptions(sys.argv, ["JOB_NAME"])
glueContext = GlueContext(SparkContext())
spark = glueContext.spark_session
job = Job(glueContext)
job.init(args["JOB_NAME"], args)
"""
LAZY_SIMPLE = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"


@pytest.fixture(scope="module")
def orders(jobs: SparkJobs) -> None:
    """A table of CSV files with a partition per day, as a crawler would describe it."""
    jobs.put("orders/day=2024-01-01/a.csv", "id,customer,amount\n1,Ann,9.5\n2,Bob,\n")
    jobs.put("orders/day=2024-01-02/a.csv", "id,customer,amount\n3,Ann,many\n")
    storage = {
        "Location": f"s3://{BUCKET}/orders/",
        "Columns": [
            {"Name": n, "Type": t}
            for n, t in (("id", "bigint"), ("customer", "string"), ("amount", "double"))
        ],
        "SerdeInfo": {"SerializationLibrary": LAZY_SIMPLE, "Parameters": {"field.delim": ","}},
    }
    jobs.glue.create_table(
        DatabaseName="db",
        TableInput={
            "Name": "orders",
            "Parameters": {"classification": "csv", "skip.header.line.count": "1"},
            "PartitionKeys": [{"Name": "day", "Type": "date"}],
            "StorageDescriptor": storage,
        },
    )
    for day in ("2024-01-01", "2024-01-02"):
        there = {**storage, "Location": f"s3://{BUCKET}/orders/day={day}/"}
        jobs.glue.create_partition(
            DatabaseName="db",
            TableName="orders",
            PartitionInput={"Values": [day], "StorageDescriptor": there},
        )


@pytest.mark.usefixtures("orders")
def test_a_table_becomes_parquet_and_a_table_again(jobs: SparkJobs) -> None:
    script = f"""{CLASSIC}
orders = glueContext.create_dynamic_frame.from_catalog(database="db", table_name="orders", transformation_ctx="o")
orders.printSchema()
mapped = ApplyMapping.apply(frame=orders, mappings=[
    ("id", "long", "id", "string"), ("customer", "string", "who.name", "string"),
    ("amount", "double", "amount", "decimal(8,2)"), ("day", "date", "day", "date"), ("absent", "int", "absent", "int"),
])
sink = glueContext.getSink(connection_type="s3", path="s3://lake/parquet/", enableUpdateCatalog=True,
                           updateBehavior="UPDATE_IN_DATABASE", partitionKeys=["day"])
sink.setCatalogInfo(catalogDatabase="db", catalogTableName="sold")
sink.setFormat("glueparquet", compression="snappy")
sink.writeFrame(mapped)
again = glueContext.create_dynamic_frame.from_catalog(
    database="db", table_name="sold", push_down_predicate="day > '2024-01-01'")
again.show()
print(again.count(), mapped.toDF().count())
glueContext.get_logger().info("said to the logger")
job.commit()
"""

    run = jobs.ended(script, job_bookmark_option="job-bookmark-enable")

    printed = jobs.log(run["Id"], "output")
    assert run["JobRunState"] == "SUCCEEDED", printed
    assert printed == [
        "Job bookmarks are not kept in a cloudstage: this run reads everything, also what earlier runs have read.",
        "root",
        "|-- id: long",
        "|-- customer: string",
        "|-- amount: double",
        "|-- day: date",
        '{"id":"3","who":{"name":"Ann"},"day":"2024-01-02"}',
        "1 3",
    ]
    assert any("said to the logger" in line for line in jobs.log(run["Id"], "error"))
    sold = jobs.glue.get_table(DatabaseName="db", Name="sold")["Table"]
    assert [(each["Name"], each["Type"]) for each in sold["StorageDescriptor"]["Columns"]] == [
        ("id", "string"),
        ("who", "struct<name:string>"),
        ("amount", "decimal(8,2)"),
    ]
    partitions = jobs.glue.get_partitions(DatabaseName="db", TableName="sold")["Partitions"]
    assert sorted(each["StorageDescriptor"]["Location"] for each in partitions) == [
        "s3://lake/parquet/day=2024-01-01/",
        "s3://lake/parquet/day=2024-01-02/",
    ]


def test_the_everyday_transforms(jobs: SparkJobs) -> None:
    jobs.put("people/a.json", '{"id": 1, "name": "Ann", "home": {"city": "Ulm", "zip": "1"}}\n')
    jobs.put("people/b.json", '{"id": 2, "name": "Bob", "home": {"city": "Bonn", "zip": "2"}}\n')
    script = f"""{CLASSIC}
people = glueContext.create_dynamic_frame.from_options(
    connection_type="s3", connection_options={{"paths": ["s3://lake/people/"], "recurse": True}}, format="json")
def rows(frame):
    return [row.asDict(recursive=True) for row in frame.toDF().orderBy(frame.toDF().columns[0]).collect()]
nulls = spark.sql("select 1 one, null gone, named_struct('kept', 2, 'gone', null) two")
print(1, rows(DropNullFields.apply(DynamicFrame.fromDF(nulls, glueContext))))
print(2, rows(SelectFields.apply(people, ["home.city", "id", "nothing"])))
print(3, rows(DropFields.apply(people, paths=["home.zip", "name"])))
print(4, rows(RenameField.apply(people, "home.city", "home.town").select_fields(["home"])))
print(5, rows(RenameField.apply(people, "name", "called").drop_fields(["home"])))
print(6, rows(Filter.apply(frame=people, f=lambda x: x["id"] > 1).select_fields(["id", "name"])))
def longer(record):
    record["name"] = record["name"] * 2
    record["size"] = len(record["home"]["city"])
    if record["id"] == 2:
        raise ValueError("not Bob")
    return record
mapped = Map.apply(frame=people, f=longer)
print(7, rows(mapped), mapped.errorsCount(), mapped.schema().getField("size").dataType.typeName())
pets = DynamicFrame.fromDF(spark.createDataFrame([(1, "cat"), (1, "dog")], "id int, pet string"), glueContext, "pets")
print(8, sorted(map(str, rows(Join.apply(people, pets, "id", "id").drop_fields(["home"])))))
print(9, rows(ResolveChoice.apply(people, specs=[("id", "cast:string")]).select_fields(["id"])))
print(10, ResolveChoice.apply(people, choice="make_struct").count())
split = SplitFields.apply(people, ["id"], "ids", "others")
print(11, sorted(split.keys()), split["ids"].toDF().columns, split.select("others").toDF().columns)
parts = SplitRows.apply(people, {{"id": {{">": 1}}}}, "many", "few")
print(12, parts["many"].count(), parts["few"].count())
print(13, UnnestFrame.apply(people).toDF().columns)
print(14, people.union(people).count(), people.coalesce(1).getNumPartitions())
texts = DynamicFrame.fromDF(spark.createDataFrame([('{{"a": 1}}',)], "text string"), glueContext, "texts")
print(15, rows(Unbox.apply(texts, "text", "json")))
"""

    printed = jobs.succeeded(script)

    assert [line.partition(" ")[2] for line in printed if line[:1].isdigit()] == [
        "[{'one': 1, 'two': {'kept': 2}}]",
        "[{'home': {'city': 'Bonn'}, 'id': 2}, {'home': {'city': 'Ulm'}, 'id': 1}]",
        "[{'home': {'city': 'Bonn'}, 'id': 2}, {'home': {'city': 'Ulm'}, 'id': 1}]",
        "[{'home': {'town': 'Bonn', 'zip': '2'}}, {'home': {'town': 'Ulm', 'zip': '1'}}]",
        "[{'id': 1, 'called': 'Ann'}, {'id': 2, 'called': 'Bob'}]",
        "[{'id': 2, 'name': 'Bob'}]",
        "[{'home': {'city': 'Ulm', 'zip': '1'}, 'id': 1, 'name': 'AnnAnn', 'size': 3}] 1 long",
        """["{'id': 1, 'name': 'Ann', '.id': 1, 'pet': 'cat'}", "{'id': 1, 'name': 'Ann', '.id': 1, 'pet': 'dog'}"]""",
        "[{'id': '1'}, {'id': '2'}]",
        "2",
        "['ids', 'others'] ['id'] ['home', 'name']",
        "1 1",
        "['home.city', 'home.zip', 'id', 'name']",
        "4 1",
        "[{'text': {'a': 1}}]",
    ]


def test_csv_options_are_those_of_glue(jobs: SparkJobs) -> None:
    jobs.put("semicolons/a.csv", "id;name\n1;'x;y'\n")
    script = f"""{CLASSIC}
read = lambda **options: glueContext.create_dynamic_frame.from_options(
    "s3", {{"paths": ["s3://lake/semicolons/"]}}, "csv", {{"separator": ";", "quoteChar": "'", **options}})
print(read(withHeader=True).toDF().collect(), read().toDF().columns)
glueContext.write_dynamic_frame.from_options(
    frame=read(withHeader=True), connection_type="s3", connection_options={{"path": "s3://lake/tabs/"}},
    format="csv", format_options={{"separator": "\\t", "writeHeader": False}})
print(spark.read.text("s3://lake/tabs/").collect())
"""

    assert jobs.succeeded(script) == ["[Row(id='1', name='x;y')] ['col0', 'col1']", "[Row(value='1\\tx;y')]"]


@pytest.mark.parametrize(
    ("step", "name"),
    [
        ("Relationalize.apply(frame, 's3://lake/tmp/', 'root')", "DynamicFrame.relationalize"),
        ("glueContext.purge_s3_path('s3://lake/x/')", "GlueContext.purgeS3Path"),
        ("glueContext.create_dynamic_frame.from_options('mysql', {})", "connection type 'mysql'"),
        ("glueContext.create_dynamic_frame.from_options('s3', {'paths': ['x']}, 'xml')", "format 'xml'"),
    ],
)
def test_what_is_missing_is_refused_by_name(jobs: SparkJobs, step: str, name: str) -> None:
    script = f"{CLASSIC}\nframe = DynamicFrame.fromDF(spark.range(1), glueContext, 'frame')\n{step}"

    run = jobs.ended(script)

    assert run["JobRunState"] == "FAILED"
    assert f"awsglue's {name} is not part of cloudstage" in run["ErrorMessage"]
