"""Tables that are files: their formats, their partitions, and what is missing or wrong in them."""
# ruff: noqa: S608 (the tests write their own SQL)

from __future__ import annotations

import gzip
import io
import json
from typing import Any

import pyarrow as pa
import pyarrow.orc
import pyarrow.parquet as pq
import pytest

from cloudstage.context import Context

from ..queries import Queries

OPENX = "org.openx.data.jsonserde.JsonSerDe"
OPEN_CSV = "org.apache.hadoop.hive.serde2.OpenCSVSerde"
LAZY = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"
PARQUET = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"
ORC = "org.apache.hadoop.hive.ql.io.orc.OrcSerde"


class Lake:
    """Makes tables of files."""

    def __init__(self, stage: Context, bucket: str, database: str) -> None:
        self.glue, self.s3 = stage.client("glue"), stage.client("s3")
        self.bucket, self.database = bucket, database

    def put(self, key: str, content: bytes | str) -> None:
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=content)

    def table(self, name: str, serde: str, columns: str, keys: str = "", **options: Any) -> None:
        """A table at ``name/``; columns and keys such as ``a int, b string``."""
        storage = {
            "Columns": _columns(columns),
            "Location": f"s3://{self.bucket}/{name}/",
            "SerdeInfo": {"SerializationLibrary": serde, "Parameters": options.get("settings", {})},
        }
        table = {
            "Name": name,
            "TableType": "EXTERNAL_TABLE",
            "Parameters": options.get("parameters", {}),
            "PartitionKeys": _columns(keys),
            "StorageDescriptor": storage,
        }
        self.glue.create_table(DatabaseName=self.database, TableInput=table)

    def partition(self, table: str, location: str, *values: str) -> None:
        partition = {"Values": values, "StorageDescriptor": {"Location": f"s3://{self.bucket}/{location}"}}
        self.glue.create_partition(DatabaseName=self.database, TableName=table, PartitionInput=partition)


def _columns(text: str) -> list[dict[str, str]]:
    pairs = [each.strip().split(" ", 1) for each in text.split(";") if each.strip()]
    return [{"Name": name, "Type": kind} for name, kind in pairs]


@pytest.fixture(scope="module")
def lake(stage: Context, bucket: str, database: str) -> Lake:
    return Lake(stage, bucket, database)


def test_json_lines(lake: Lake, queries: Queries) -> None:
    row = {
        "Id": 1,
        "at": "2024-05-01 01:02:03.456",
        "tags": ["x"],
        "m": {"a": 1},
        "s": {"p": 1, "q": "z"},
        "f": 1.5,
    }
    lake.put("json/a.json", json.dumps(row) + "\n\n" + json.dumps({"id": 2, "more": True}) + "\n")
    lake.put("json/b.json.gz", gzip.compress(b'{"id": 3}'))
    lake.put("json/_hidden", "no json")
    lake.table(
        "json",
        OPENX,
        "id int; at timestamp; tags array<string>; m map<string,int>; s struct<p:int,q:string>; f double",
    )
    assert queries.rows("SELECT * FROM json ORDER BY id") == [
        ["1", "2024-05-01 01:02:03.456", "[x]", "{a=1}", "{p=1, q=z}", "1.5"],
        ["2", None, None, None, None, None],
        ["3", None, None, None, None, None],
    ]
    assert queries.rows("SELECT s.q, tags[1], m['a'] FROM json WHERE s.p = 1") == [["z", "x", "1"]]


def test_quoted_csv(lake: Lake, queries: Queries) -> None:
    lake.put("csv/a.csv", 'id,text\n1,"a, ""b"""\n"2",\n')
    settings = {"separatorChar": ",", "quoteChar": '"', "escapeChar": '"'}
    lake.table(
        "csv", OPEN_CSV, "id int; text string", settings=settings, parameters={"skip.header.line.count": "1"}
    )
    assert queries.rows("SELECT * FROM csv") == [["1", 'a, "b"'], ["2", ""]]


def test_delimited_text_makes_the_best_of_a_row(lake: Lake, queries: Queries) -> None:
    lake.put("lazy/a.txt", "1|x|2.5\nno|\\N\n3|c|d|more\n")
    lake.table("lazy", LAZY, "id int; text string; number double", settings={"field.delim": "|"})
    rows = [["1", "x", "2.5"], [None, None, None], ["3", "c", None]]
    assert queries.rows("SELECT * FROM lazy") == rows


@pytest.mark.parametrize(("name", "serde"), [("parquet", PARQUET), ("orc", ORC)])
def test_columns_of_a_columnar_file_are_found_by_name(
    lake: Lake, queries: Queries, name: str, serde: str
) -> None:
    rows = pa.table({"B": ["x", "y"], "a": pa.array([1, 2], pa.int32()), "unknown": [True, False]})
    file = io.BytesIO()
    (pq.write_table if name == "parquet" else pyarrow.orc.write_table)(rows, file)
    lake.put(f"{name}/a", file.getvalue())
    lake.table(name, serde, "a bigint; b string; c double")
    assert queries.rows(f"SELECT * FROM {name} ORDER BY a") == [["1", "x", None], ["2", "y", None]]
    assert queries.rows(f"SELECT count(*) FROM {name} WHERE b = 'y'") == [["1"]]


def test_a_table_without_files_is_empty_and_has_its_columns(lake: Lake, queries: Queries) -> None:
    lake.table("nothing", OPENX, "id int; amount decimal(5,2)", "day date")
    assert queries.table("SELECT * FROM nothing") == [["id", "amount", "day"]]
    assert queries.rows("SELECT count(*), sum(amount) FROM nothing") == [["0", None]]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("bad_value", '{"id": "x"}', "HIVE_BAD_DATA: Error parsing field value 'x' for field 0"),
        ("bad_line", '{"id": 1}\n{"id: 2}', "HIVE_CURSOR_ERROR: Row is not a valid JSON Object"),
    ],
)
def test_what_is_wrong_in_a_file_fails_the_query(
    lake: Lake, queries: Queries, name: str, content: str, reason: str
) -> None:
    lake.put(f"{name}/a.json", content)
    lake.table(name, OPENX, "id int")
    assert queries.failure(f"SELECT * FROM {name}").startswith(reason)


def test_a_type_that_does_not_fit_the_file_fails_the_query(lake: Lake, queries: Queries) -> None:
    file = io.BytesIO()
    pq.write_table(pa.table({"a": ["text"]}), file)
    lake.put("misfit/a", file.getvalue())
    lake.table("misfit", PARQUET, "a int")
    assert queries.failure("SELECT a FROM misfit").startswith("HIVE_BAD_DATA: Field a's type string in file")


def test_partitions_of_the_catalog_are_read_where_they_are_and_only_if_needed(
    lake: Lake, queries: Queries
) -> None:
    lake.table("parted", OPENX, "id int", "year int; kind string")
    for year, kind, location in (
        ("2023", "a", "parted/x"),
        ("2024", "a", "elsewhere"),
        ("2024", "b", "parted/y"),
    ):
        lake.put(f"{location}/1.json", json.dumps({"id": int(year)}))
        lake.partition("parted", location, year, kind)
    lake.partition("parted", "parted/null", "2025", "__HIVE_DEFAULT_PARTITION__")
    lake.put("parted/null/1.json", '{"id": 2025}')
    lake.put("parted/unregistered/1.json", "not read")
    assert queries.rows("SELECT * FROM parted ORDER BY id, kind") == [
        ["2023", "2023", "a"],
        ["2024", "2024", "a"],
        ["2024", "2024", "b"],
        ["2025", "2025", None],
    ]
    whole = queries.succeed("SELECT * FROM parted")["Statistics"]["DataScannedInBytes"]
    for condition in ("year > 2024 - 1 AND kind = 'b'", "p.kind IN ('b') AND id > 0", "kind LIKE 'b%'"):
        execution = queries.succeed(f"SELECT * FROM parted p WHERE {condition}")
        assert 0 < execution["Statistics"]["DataScannedInBytes"] < whole
    assert queries.rows('SELECT count(*) FROM "parted$partitions"') == [["4"]]


PROJECTIONS = {
    "day": {"type": "date", "format": "yyyy-MM-dd", "range": "2024-01-30,NOW+1DAYS"},
    "hour": {"type": "integer", "range": "0,23", "digits": "2"},
    "kind": {"type": "enum", "values": "a,b"},
    "tenant": {"type": "injected"},
}


def test_projected_partitions_need_no_catalog(lake: Lake, queries: Queries) -> None:
    rules = {
        f"projection.{key}.{name}": value for key, each in PROJECTIONS.items() for name, value in each.items()
    }
    template = f"s3://{lake.bucket}/projected/${{tenant}}/${{day}}-${{hour}}/${{kind}}"
    parameters = {"projection.enabled": "true", "storage.location.template": template} | rules
    keys = "day string; hour int; kind string; tenant string"
    lake.table("projected", OPENX, "id int", keys, parameters=parameters)
    lake.put("projected/me/2024-02-01-07/a/1.json", '{"id": 1}')
    lake.put("projected/me/2024-02-02-23/b/1.json", '{"id": 2}')
    lake.put("projected/me/2024-01-01-00/a/1.json", '{"id": 3}')  # before the range
    lake.put("projected/you/2024-02-02-23/b/1.json", '{"id": 4}')
    bounds = "day BETWEEN '2024-01-01' AND '2024-02-28'"
    assert queries.rows(f"SELECT * FROM projected WHERE tenant = 'me' AND {bounds} ORDER BY id") == [
        ["1", "2024-02-01", "7", "a", "me"],
        ["2", "2024-02-02", "23", "b", "me"],
    ]
    assert queries.rows(f"SELECT id FROM projected WHERE tenant IN ('you') AND hour > 7 AND {bounds}") == [
        ["4"]
    ]
    assert queries.failure("SELECT * FROM projected").startswith(
        "CONSTRAINT_VIOLATION: For the injected projected"
    )


def test_a_file_tells_where_and_how_large_it_is(lake: Lake, queries: Queries) -> None:
    lake.put("told/a.json", '{"id": 1}')
    lake.table("told", OPENX, "id int")
    ((path, size, age),) = queries.rows(
        """SELECT "$path", "$file_size", date_diff('day', "$file_modified_time", now()) FROM told"""
    )
    assert (path, size, age) == (f"s3://{lake.bucket}/told/a.json", "9", "0")
    assert queries.table("SELECT * FROM told") == [["id"], ["1"]]
    assert queries.table('SELECT t.*, "$path" FROM told t') == [["id", "$path"], ["1", path]]
    assert queries.table('SELECT * FROM (SELECT "$path", id FROM told)') == [["$path", "id"], [path, "1"]]
