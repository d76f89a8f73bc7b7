"""CREATE TABLE AS and UNLOAD: files, tables, manifests, and what is refused."""
# ruff: noqa: S608 (the tests write their own SQL)

from __future__ import annotations

import datetime
import io
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyiceberg.catalog.glue import GlueCatalog

from cloudstage.context import Context

from ..queries import Queries


@pytest.fixture(scope="module", autouse=True)
def _source(iceberg: GlueCatalog, database: str) -> None:
    moment = pa.array([datetime.datetime(2024, 1, 1, 0, 0, 0, 123456)] * 3, pa.timestamp("us"))
    rows = pa.table({"n": pa.array([1, 2, 3], pa.int32()), "g": ["a", "b", None], "t": moment})
    iceberg.create_table((database, "source"), rows.schema).append(rows)


def _files(stage: Context, uri: str) -> dict[str, bytes]:
    bucket, _, prefix = uri.removeprefix("s3://").partition("/")
    s3 = stage.client("s3")
    keys = [each["Key"] for each in s3.list_objects_v2(Bucket=bucket, Prefix=prefix).get("Contents", [])]
    return {key: s3.get_object(Bucket=bucket, Key=key)["Body"].read() for key in keys}


def _manifest(stage: Context, execution: dict[str, Any]) -> list[str]:
    (content,) = _files(stage, execution["Statistics"]["DataManifestLocation"]).values()
    return content.decode().split("\n")


def test_a_result_becomes_a_table(queries: Queries, stage: Context, database: str) -> None:
    sql = "CREATE TABLE made AS SELECT g, sum(n) AS total, max(t) AS latest FROM source GROUP BY g"
    execution = queries.succeed(sql)
    assert (execution["StatementType"], execution["SubstatementType"]) == ("DDL", "CREATE_TABLE_AS_SELECT")
    location = execution["ResultConfiguration"]["OutputLocation"]
    assert location == f"{queries.output}tables/{execution['QueryExecutionId']}"
    (uri,) = _manifest(stage, execution)
    assert uri.startswith(location + "/")
    result = queries.client.get_query_results(QueryExecutionId=execution["QueryExecutionId"])
    assert result["UpdateCount"] == 3
    assert [each["Name"] for each in result["ResultSet"]["ResultSetMetadata"]["ColumnInfo"]] == ["rows"]
    table = stage.client("glue").get_table(DatabaseName=database, Name="made")["Table"]
    types = [(each["Name"], each["Type"]) for each in table["StorageDescriptor"]["Columns"]]
    assert types == [("g", "string"), ("total", "bigint"), ("latest", "timestamp")]
    assert queries.rows("SELECT * FROM made ORDER BY total") == [
        ["a", "1", "2024-01-01 00:00:00.123"],
        ["b", "2", "2024-01-01 00:00:00.123"],
        [None, "3", "2024-01-01 00:00:00.123"],
    ]


def test_a_table_is_written_where_and_how_it_is_asked_for(
    queries: Queries, stage: Context, bucket: str, database: str
) -> None:
    queries.succeed(f"""
        CREATE TABLE "{database}"."asked" WITH (
          format = 'PARQUET', write_compression = 'SNAPPY', external_location = 's3://{bucket}/asked/',
          partitioned_by = ARRAY['g']
        ) AS SELECT n, g FROM source
    """)
    files = _files(stage, f"s3://{bucket}/asked/")
    directories = sorted(key.rpartition("/")[0] for key in files)
    assert directories == ["asked/g=__HIVE_DEFAULT_PARTITION__", "asked/g=a", "asked/g=b"]
    for content in files.values():
        file = pq.ParquetFile(io.BytesIO(content))
        assert file.schema_arrow.names == ["n"]
        assert file.metadata.row_group(0).column(0).compression == "SNAPPY"
    assert queries.lines("SHOW PARTITIONS asked") == ["g=__HIVE_DEFAULT_PARTITION__", "g=a", "g=b"]
    assert queries.rows("SELECT * FROM asked WHERE g = 'b'") == [["2", "b"]]
    again = queries.failure(
        f"CREATE TABLE other WITH (external_location = 's3://{bucket}/asked') AS SELECT 1 AS x"
    )
    assert again.startswith("HIVE_PATH_ALREADY_EXISTS: Target directory for table")


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("CREATE TABLE source AS SELECT 1 AS x", "TABLE_ALREADY_EXISTS"),
        (
            "CREATE TABLE t AS SELECT 1",
            "MISSING_COLUMN_NAME: line 1:1: Column name not specified at position 1",
        ),
        (
            "CREATE TABLE t AS SELECT 1 AS x, 2 AS X",
            "DUPLICATE_COLUMN_NAME: line 1:1: Column name 'x' specified",
        ),
        ("CREATE TABLE t AS SELECT NULL AS x", "COLUMN_TYPE_UNKNOWN: line 1:1: Column type is unknown: x"),
        ("CREATE TABLE t AS SELECT now() AS x", "NOT_SUPPORTED: Unsupported Hive type"),
        (
            "CREATE TABLE t WITH (format = 'AVRO') AS SELECT 1 AS x",
            "NOT_SUPPORTED: CREATE TABLE AS with format AVRO",
        ),
        (
            "CREATE TABLE t WITH (table_type = 'ICEBERG') AS SELECT 1 AS x",
            "INVALID_TABLE_PROPERTY: The property location",
        ),
        (
            "CREATE TABLE t WITH (partitioned_by = ARRAY['x']) AS SELECT 1 AS y, x FROM UNNEST(sequence(1, 101)) s (x)",
            "HIVE_TOO_MANY_OPEN_PARTITIONS: Exceeded limit of 100 open writers",
        ),
    ],
)
def test_what_can_t_be_a_table_is_refused(queries: Queries, sql: str, reason: str) -> None:
    assert queries.failure(sql).startswith(reason)
    assert "t" not in queries.lines("SHOW TABLES")


def test_a_result_becomes_an_iceberg_table(
    queries: Queries, iceberg: GlueCatalog, bucket: str, database: str
) -> None:
    queries.succeed(f"""
        CREATE TABLE made_iceberg WITH (
          table_type = 'ICEBERG', is_external = false, location = 's3://{bucket}/made_iceberg/',
          partitioning = ARRAY['g']
        ) AS SELECT n, g, t, CAST(n AS smallint) AS small FROM source
    """)
    table = iceberg.load_table((database, "made_iceberg"))
    assert [field.name for field in table.spec().fields] == ["g"]
    assert len(table.metadata.snapshots) == 1
    assert queries.rows("SELECT n, t, small FROM made_iceberg WHERE g = 'b'") == [
        ["2", "2024-01-01 00:00:00.123456", "2"]
    ]


def test_a_table_that_exists_may_stay(queries: Queries) -> None:
    queries.succeed("CREATE TABLE IF NOT EXISTS source AS SELECT 1 AS x")
    assert queries.rows("SELECT count(*) FROM source") == [["3"]]


def test_unload_writes_files_only(queries: Queries, stage: Context, bucket: str) -> None:
    place = f"s3://{bucket}/unloaded/"
    execution = queries.succeed(f"UNLOAD (SELECT n, g FROM source) TO '{place}' WITH (format = 'PARQUET')")
    assert (execution["StatementType"], execution["SubstatementType"]) == ("DML", "UNLOAD")
    (uri,) = _manifest(stage, execution)
    ((key, content),) = _files(stage, place).items()
    assert uri == f"s3://{bucket}/{key}"
    assert pq.read_table(io.BytesIO(content)).to_pylist()[0] == {"n": 1, "g": "a"}
    assert queries.failure(f"UNLOAD (SELECT 1 AS x) TO '{place}' WITH (format = 'PARQUET')").startswith(
        "HIVE_PATH_ALREADY_EXISTS"
    )
    assert queries.failure(f"UNLOAD (SELECT 1 AS x) TO '{place}' WITH (format = 'ORC')").startswith(
        "NOT_SUPPORTED"
    )
