"""Iceberg tables: snapshots, metadata, evolved schemas, deletes, and files that need not be read."""
# ruff: noqa: S608 (the tests write their own SQL)

from __future__ import annotations

import datetime

import pyarrow as pa
import pytest
from pyiceberg.catalog.glue import GlueCatalog
from pyiceberg.table import Table
from pyiceberg.transforms import IdentityTransform
from pyiceberg.types import LongType, StringType

from cloudstage.context import Context

from ..queries import Queries

DAYS = [datetime.datetime(2024, month, 1) for month in range(1, 5)]
ROWS = pa.table(
    {
        "k": ["a", "b", "c", "d"],
        "t": pa.array(DAYS, pa.timestamp("us")),
        "d": pa.array([day.date() for day in DAYS], pa.date32()),
        "n": pa.array([1, 2, 3, 4], pa.int64()),
        "f": [1.5, 2.5, 3.5, None],
    }
)


@pytest.fixture(scope="module")
def parted(iceberg: GlueCatalog, database: str) -> Table:
    """Four files, one for each row."""
    table = iceberg.create_table((database, "parted"), ROWS.schema)
    with table.update_spec() as specification:
        specification.add_field("k", IdentityTransform())
    table.append(ROWS)
    return table


@pytest.fixture(scope="module")
def grown(iceberg: GlueCatalog, database: str) -> Table:
    """Three snapshots of one, two and three rows."""
    table = iceberg.create_table((database, "grown"), pa.schema([("x", pa.int64())]))
    for number in range(3):
        table.append(pa.table({"x": [number]}))
    return table


@pytest.mark.parametrize(
    ("condition", "files", "rows"),
    [
        ("k = 'a'", 1, 1),
        ("'a' = p.k", 1, 1),
        ("k IN ('a', 'b')", 2, 2),
        ("t >= TIMESTAMP '2024-03-01 00:00:00'", 2, 2),
        ("t < DATE '2024-02-01'", 1, 1),
        ("d = DATE '2024-02-01'", 1, 1),
        ("n BETWEEN 2 AND 3", 2, 2),
        ("n > -1", 4, 4),
        ("f > 3", 1, 1),
        ("(n > 2 AND k = 'c') AND upper(k) = 'C'", 1, 1),
        ("n = 1 OR n = 2", 4, 2),
        ("k = 'zz'", 0, 0),
    ],
)
@pytest.mark.usefixtures("parted")
def test_files_that_can_t_match_are_not_read(queries: Queries, condition: str, files: int, rows: int) -> None:
    execution = queries.succeed(f"SELECT count(*) FROM parted p WHERE {condition}")
    whole = queries.succeed("SELECT count(*) FROM parted")["Statistics"]["DataScannedInBytes"]
    assert round(4 * execution["Statistics"]["DataScannedInBytes"] / whole) == files
    page = queries.client.get_query_results(QueryExecutionId=execution["QueryExecutionId"])
    assert page["ResultSet"]["Rows"][1]["Data"] == [{"VarCharValue": str(rows)}]


@pytest.mark.usefixtures("parted")
def test_what_one_side_of_an_outer_join_need_not_meet_is_not_left_out(queries: Queries) -> None:
    sql = """
        SELECT l.k, r.k FROM parted l LEFT JOIN parted r ON l.n = r.n AND r.k = 'a'
        WHERE l.n < 3 AND (r.k = 'a' OR r.k IS NULL) ORDER BY 1
    """
    assert queries.rows(sql) == [["a", "a"], ["b", None]]


def test_an_earlier_snapshot_can_be_read(queries: Queries, grown: Table) -> None:
    first, second = grown.metadata.snapshots[:2]
    moment = datetime.datetime.fromtimestamp(second.timestamp_ms / 1000, datetime.UTC)
    at = moment.strftime("TIMESTAMP '%Y-%m-%d %H:%M:%S.%f UTC'")
    count = "SELECT count(*) FROM grown"
    assert queries.rows(count) == [["3"]]
    assert queries.rows(f"{count} FOR VERSION AS OF {first.snapshot_id}") == [["1"]]
    assert queries.rows(f"{count} FOR VERSION AS OF 'main'") == [["3"]]
    assert queries.rows(f"{count} FOR TIMESTAMP AS OF {at}") == [["2"]]
    assert queries.rows(f"{count} FOR SYSTEM_TIME AS OF {at} WHERE x > 0") == [["1"]]
    assert queries.failure(f"{count} FOR VERSION AS OF 5").startswith(
        "INVALID_ARGUMENTS: Iceberg snapshot ID"
    )
    early = f"{count} FOR TIMESTAMP AS OF TIMESTAMP '2020-01-01 00:00:00 UTC'"
    assert queries.failure(early).startswith("INVALID_ARGUMENTS: No version history table")


@pytest.mark.parametrize(
    ("table", "columns", "rows"),
    [
        (
            "snapshots",
            ["committed_at", "snapshot_id", "parent_id", "operation", "manifest_list", "summary"],
            3,
        ),
        ("history", ["made_current_at", "snapshot_id", "parent_id", "is_current_ancestor"], 3),
        ("files", ["content", "file_path", "file_format", "record_count", "file_size_in_bytes"], 3),
        ("manifests", ["path", "length", "partition_spec_id", "added_snapshot_id"], 3),
        ("partitions", ["record_count", "file_count", "total_size"], 1),
        ("refs", ["name", "type", "snapshot_id"], 1),
    ],
)
@pytest.mark.usefixtures("grown")
def test_metadata_tables(queries: Queries, table: str, columns: list[str], rows: int) -> None:
    names, *found = queries.table(f'SELECT * FROM "grown${table}"')
    assert names[: len(columns)] == columns
    assert len(found) == rows


@pytest.mark.usefixtures("grown")
def test_a_metadata_table_is_a_table_like_any_other(queries: Queries, database: str) -> None:
    sql = f'SELECT s.operation, count(*) FROM "{database}"."grown$snapshots" s GROUP BY s.operation'
    assert queries.rows(sql) == [["append", "3"]]
    assert queries.failure('SELECT * FROM "grown$nothing"').endswith("grown$nothing' does not exist")


def test_an_evolved_schema_reads_what_was_written_before(
    queries: Queries, iceberg: GlueCatalog, database: str
) -> None:
    table = iceberg.create_table((database, "evolved"), pa.schema([("a", pa.int32()), ("b", pa.string())]))
    table.append(pa.table({"a": pa.array([1], pa.int32()), "b": ["x"]}))
    with table.update_schema() as update:
        update.rename_column("b", "renamed")
        update.update_column("a", LongType())
        update.add_column("added", StringType())
    table.append(pa.table({"a": pa.array([2**40], pa.int64()), "renamed": ["y"], "added": ["z"]}))
    assert queries.table("SELECT * FROM evolved ORDER BY a") == [
        ["a", "renamed", "added"],
        ["1", "x", None],
        [str(2**40), "y", "z"],
    ]
    first = table.metadata.snapshots[0].snapshot_id
    assert queries.table(f"SELECT * FROM evolved FOR VERSION AS OF {first}") == [["a", "b"], ["1", "x"]]


def test_values_of_every_type(queries: Queries, iceberg: GlueCatalog, database: str) -> None:
    moment = datetime.datetime(2024, 1, 1, 2, 3, 4, 567891)
    rows = pa.table(
        {
            "naive": pa.array([moment], pa.timestamp("us")),
            "zoned": pa.array([moment], pa.timestamp("us", tz="UTC")),
            "clock": pa.array([moment.time()], pa.time64("us")),
            "bits": pa.array([b"\x01\xff"], pa.binary()),
            "items": pa.array([[moment, None]], pa.list_(pa.timestamp("us"))),
            "nested": pa.array([{"m": [("k", 1.0)]}], pa.struct([("m", pa.map_(pa.string(), pa.float64()))])),
        }
    )
    iceberg.create_table((database, "typed"), rows.schema).append(rows)
    assert queries.rows("SELECT * FROM typed") == [
        [
            "2024-01-01 02:03:04.567891",
            "2024-01-01 02:03:04.567891 UTC",
            "02:03:04.567",
            "01 ff",
            "[2024-01-01 02:03:04.567891, null]",
            "{m={k=1.0}}",
        ]
    ]


def test_a_table_without_data_is_empty(queries: Queries, iceberg: GlueCatalog, database: str) -> None:
    iceberg.create_table((database, "fresh"), ROWS.schema)
    assert queries.table("SELECT k, n FROM fresh") == [["k", "n"]]


def test_a_table_whose_file_is_gone_says_which(
    queries: Queries, iceberg: GlueCatalog, database: str, stage: Context, bucket: str
) -> None:
    table = iceberg.create_table((database, "torn"), ROWS.schema)
    table.append(ROWS)
    (task,) = table.scan().plan_files()
    path = task.file.file_path
    stage.client("s3").delete_object(Bucket=bucket, Key=path.removeprefix(f"s3://{bucket}/"))
    reason = queries.failure("SELECT * FROM torn")
    assert reason == f"ICEBERG_CANNOT_OPEN_SPLIT: Error opening a file of a table: There is no object {path}"


def test_a_table_whose_metadata_is_gone_says_so(
    queries: Queries, iceberg: GlueCatalog, database: str, stage: Context, bucket: str
) -> None:
    table = iceberg.create_table((database, "lost"), ROWS.schema)
    key = table.metadata_location.removeprefix(f"s3://{bucket}/")
    stage.client("s3").delete_object(Bucket=bucket, Key=key)
    assert queries.failure("SELECT * FROM lost").startswith("ICEBERG_MISSING_METADATA: Metadata not found")
