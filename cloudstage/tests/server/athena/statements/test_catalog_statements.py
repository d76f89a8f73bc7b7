"""SHOW, DESCRIBE, CREATE, ALTER and DROP."""
# ruff: noqa: S608 (the tests write their own SQL)

from __future__ import annotations

import uuid
from typing import Any

import pytest
from pyiceberg.catalog.glue import GlueCatalog

from cloudstage.context import Context

from ..queries import Queries

EVENTS = """
    CREATE EXTERNAL TABLE IF NOT EXISTS `{database}`.`{name}` (
      id int COMMENT 'number', `the text` string, parts array<struct<a:int,b:decimal(5,2)>>
    ) COMMENT 'what happened' PARTITIONED BY (day string)
    ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' WITH SERDEPROPERTIES ('ignore.malformed.json' = 'true')
    LOCATION 's3://{bucket}/{name}/' TBLPROPERTIES ('owner' = 'me')
"""


@pytest.fixture
def events(queries: Queries, database: str, bucket: str) -> str:
    """An external table with partitions, for one test."""
    name = f"events_{uuid.uuid4().hex[:8]}"
    queries.succeed(EVENTS.format(database=database, name=name, bucket=bucket))
    return name


def test_databases_come_and_go(queries: Queries) -> None:
    queries.succeed("CREATE DATABASE comes COMMENT 'and goes'")
    queries.succeed("CREATE SCHEMA IF NOT EXISTS comes")
    assert "AlreadyExistsException" in queries.failure("CREATE DATABASE comes")
    assert queries.lines("SHOW DATABASES LIKE 'com*'") == ["comes"]
    assert "comes" in [row[0] for row in queries.rows("SELECT schema_name FROM information_schema.schemata")]
    queries.succeed("CREATE EXTERNAL TABLE comes.t (a int) LOCATION 's3://nowhere/t/'")
    assert "not empty" in queries.failure("DROP DATABASE comes")
    queries.succeed("DROP DATABASE comes CASCADE")
    queries.succeed("DROP DATABASE IF EXISTS comes")
    assert "Database does not exist" in queries.failure("DROP DATABASE comes")
    assert "Database does not exist" in queries.failure("SHOW TABLES IN comes")


def test_an_external_table_is_made_and_described(queries: Queries, events: str, bucket: str) -> None:
    described = [str(line).split("\t") for line in queries.lines(f"DESCRIBE {events}")]
    assert [[part.strip() for part in line] for line in described[:4]] == [
        ["id", "int", "number"],
        ["the text", "string", ""],
        ["parts", "array<struct<a:int,b:decimal(5,2)>>", ""],
        ["day", "string", ""],
    ]
    assert described[-1][0].strip() == "day"
    assert [str(line).strip() for line in queries.lines(f"SHOW COLUMNS IN {events}")] == [
        "id",
        "the text",
        "parts",
        "day",
    ]
    assert "owner\tme" in queries.lines(f"SHOW TBLPROPERTIES {events}")
    assert queries.table(f"SELECT * FROM {events}") == [["id", "the text", "parts", "day"]]
    created = "\n".join(map(str, queries.lines(f"SHOW CREATE TABLE {events}")))
    assert f"  's3://{bucket}/{events}'" in created
    queries.succeed(f"DROP TABLE {events}")
    queries.succeed(created.replace(events, events + "_again"))
    assert [str(line).split("\t") for line in queries.lines(f"DESCRIBE {events}_again")] == described


def test_types_of_a_show_are_strings(queries: Queries, events: str) -> None:
    execution = queries.succeed(f"SHOW TABLES '{events}'")
    assert (execution["StatementType"], execution["SubstatementType"]) == ("UTILITY", "SHOW_TABLES")
    assert execution["ResultConfiguration"]["OutputLocation"].endswith(f"{execution['QueryExecutionId']}.txt")
    result = queries.client.get_query_results(QueryExecutionId=execution["QueryExecutionId"])["ResultSet"]
    assert [(each["Name"], each["Type"]) for each in result["ResultSetMetadata"]["ColumnInfo"]] == [
        ("tab_name", "string")
    ]
    assert result["Rows"] == [{"Data": [{"VarCharValue": events}]}]


def test_partitions_are_added_found_and_dropped(
    queries: Queries, events: str, stage: Context, bucket: str
) -> None:
    queries.succeed(
        f"ALTER TABLE {events} ADD PARTITION (day='1') PARTITION (day = '2') LOCATION 's3://{bucket}/two/'"
    )
    queries.succeed(f"ALTER TABLE {events} ADD IF NOT EXISTS PARTITION (day='1')")
    assert "Partition already exists" in queries.failure(f"ALTER TABLE {events} ADD PARTITION (day='1')")
    s3 = stage.client("s3")
    s3.put_object(Bucket=bucket, Key="two/x.json", Body='{"id": 2}')
    s3.put_object(Bucket=bucket, Key=f"{events}/day=3/x.json", Body='{"id": 3}')
    queries.succeed(f"MSCK REPAIR TABLE {events}")
    assert queries.lines(f"SHOW PARTITIONS {events}") == ["day=1", "day=2", "day=3"]
    assert queries.rows(f"SELECT id, day FROM {events} ORDER BY id") == [["2", "2"], ["3", "3"]]
    queries.succeed(f"ALTER TABLE {events} DROP PARTITION (day='2')")
    assert queries.rows(f"SELECT id, day FROM {events}") == [["3", "3"]]
    assert queries.failure(f"ALTER TABLE {events} ADD COLUMNS (x int)").startswith("NOT_SUPPORTED")


def test_a_view_is_kept_as_athena_keeps_it(
    queries: Queries, events: str, stage: Context, bucket: str, database: str
) -> None:
    stage.client("s3").put_object(Bucket=bucket, Key=f"{events}/day=1/x.json", Body='{"id": 7}')
    queries.succeed(f"MSCK REPAIR TABLE {events}")
    queries.succeed(f"CREATE VIEW seen AS SELECT id * 2 AS twice, day FROM {events}")
    assert queries.rows("SELECT s.twice FROM seen s WHERE day = '1'") == [["14"]]
    assert "already exists" in queries.failure("CREATE VIEW seen AS SELECT 1 AS x")
    queries.succeed(f"CREATE OR REPLACE VIEW seen AS SELECT id FROM {events}")
    definition = stage.client("glue").get_table(DatabaseName=database, Name="seen")["Table"]
    assert definition["TableType"] == "VIRTUAL_VIEW"
    assert definition["ViewOriginalText"].startswith("/* Presto View: ")
    assert queries.lines("SHOW VIEWS") == ["seen"]
    assert f"SELECT id FROM {events}" in queries.lines("SHOW CREATE VIEW seen")
    queries.succeed("DROP VIEW seen")
    queries.succeed("DROP VIEW IF EXISTS seen")
    assert queries.failure("SELECT * FROM seen").startswith("TABLE_NOT_FOUND")


def test_dropping_a_table_removes_the_data_of_iceberg_only(
    queries: Queries, stage: Context, bucket: str, events: str
) -> None:
    s3 = stage.client("s3")
    s3.put_object(Bucket=bucket, Key=f"{events}/day=1/x.json", Body='{"id": 7}')
    queries.succeed(
        f"CREATE TABLE iced (a int) LOCATION 's3://{bucket}/iced/' TBLPROPERTIES ('table_type' = 'ICEBERG')"
    )
    queries.succeed("DROP TABLE iced")
    queries.succeed(f"DROP TABLE {events}")
    assert s3.list_objects_v2(Bucket=bucket, Prefix="iced/")["KeyCount"] == 0
    assert s3.list_objects_v2(Bucket=bucket, Prefix=f"{events}/")["KeyCount"] == 1
    queries.succeed("DROP TABLE IF EXISTS iced")
    assert "Table not found" in queries.failure("DROP TABLE iced")


def test_an_iceberg_table_is_made_with_its_partitions(
    queries: Queries, bucket: str, iceberg: GlueCatalog, database: str
) -> None:
    queries.succeed(f"""
        CREATE TABLE made_iceberg (id bigint, kind string, at timestamp) PARTITIONED BY (kind, month(at), bucket(4, id))
        LOCATION 's3://{bucket}/made_iceberg/' TBLPROPERTIES ('table_type' = 'ICEBERG')
    """)
    table = iceberg.load_table((database, "made_iceberg"))
    assert [(field.name, str(field.transform)) for field in table.spec().fields] == [
        ("kind", "identity"),
        ("at_month", "month"),
        ("id_bucket", "bucket[4]"),
    ]
    assert "PARTITIONED BY (`kind`, month(`at`), bucket(4, `id`))" in queries.lines(
        "SHOW CREATE TABLE made_iceberg"
    )


def test_the_catalog_can_be_asked_in_sql_and_by_the_api(queries: Queries, events: str, database: str) -> None:
    sql = f"SELECT column_name FROM information_schema.columns WHERE table_name = '{events}' ORDER BY ordinal_position"
    assert queries.rows(sql) == [["id"], ["the text"], ["parts"], ["day"]]
    catalog: dict[str, Any] = {"CatalogName": "AwsDataCatalog", "DatabaseName": database}
    listed = queries.client.list_table_metadata(**catalog, Expression=events)["TableMetadataList"]
    one = queries.client.get_table_metadata(**catalog, TableName=events)["TableMetadata"]
    assert [each["Name"] for each in listed] == [one["Name"]] == [events]
    assert one["PartitionKeys"] == [{"Name": "day", "Type": "string"}]
    databases = queries.client.list_databases(CatalogName="AwsDataCatalog")["DatabaseList"]
    assert queries.client.get_database(**catalog)["Database"] in databases
    with pytest.raises(queries.client.exceptions.MetadataException, match="Table nothing not found"):
        queries.client.get_table_metadata(**catalog, TableName="nothing")
