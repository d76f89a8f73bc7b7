"""awswrangler reads what the executor gives, in each of its three ways."""
# ruff: noqa: S608 (the tests write their own SQL)

from __future__ import annotations

import datetime
import uuid
from typing import Any

import awswrangler
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pyiceberg.catalog.glue import GlueCatalog

SCHEMA = pa.schema(
    [
        ("flag", pa.bool_()),
        ("small", pa.int32()),
        ("large", pa.int64()),
        ("single", pa.float32()),
        ("double", pa.float64()),
        ("exact", pa.decimal128(20, 6)),
        ("text", pa.string()),
        ("day", pa.date32()),
        ("moment", pa.timestamp("us")),
    ]
)
# Seconds; awswrangler's default is 1.
POLLING = 0.01
# Text that is empty is null to a reader of CSV, and pandas' timestamps end in the year 2262.
_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1).filter(
    lambda text: text not in {"NaN"}
)
_MOMENTS = st.datetimes(datetime.datetime(1970, 1, 1), datetime.datetime(2200, 1, 1))
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "flag": st.none() | st.booleans(),
            "small": st.none() | st.integers(-(2**31), 2**31 - 1),
            "large": st.none() | st.integers(-(2**63), 2**63 - 1),
            "single": st.none() | st.floats(width=32, allow_nan=False),
            "double": st.none() | st.floats(allow_nan=False),
            "exact": st.none() | st.decimals(-(10**13), 10**13, places=6),
            "text": st.none() | _TEXT,
            "day": st.none() | st.dates(datetime.date(1970, 1, 1), datetime.date(2200, 1, 1)),
            "moment": st.none() | _MOMENTS,
        }
    ),
    min_size=5,
    max_size=20,
)


def _read(sql: str, database: str, bucket: str, **options: Any) -> Any:
    """A frame, or several with a ``chunksize``."""
    location = f"s3://{bucket}/read/{uuid.uuid4().hex}/"
    defaults: dict[str, Any] = {
        "database": database,
        "s3_output": location,
        "athena_query_wait_polling_delay": POLLING,
    }
    return awswrangler.athena.read_sql_query(sql, **(defaults | options))


WAYS = {
    "table": {"ctas_approach": True},
    "csv": {"ctas_approach": False},
    "unload": {"ctas_approach": False, "unload_approach": True},
}


@pytest.mark.parametrize("way", WAYS)
# An example is a table with many rows and takes a second, so there are few of them and none is made smaller.
@settings(
    max_examples=3,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rows=ROWS)
def test_values_of_every_type_survive(
    iceberg: GlueCatalog, database: str, bucket: str, way: str, rows: list[dict[str, Any]]
) -> None:
    name = f"t_{uuid.uuid4().hex}"
    numbered = pa.Table.from_pylist(rows, SCHEMA).append_column("row", pa.array(range(len(rows)), pa.int64()))
    iceberg.create_table((database, name), numbered.schema).append(numbered)
    frame = _read(f"SELECT * FROM {name} ORDER BY row", database, bucket, **WAYS[way])
    given_back = [
        {column: _plain(frame[column].iloc[index]) for column in SCHEMA.names} for index in range(len(rows))
    ]
    assert given_back == [{column: _expected(row[column], way) for column in SCHEMA.names} for row in rows]


def _plain(value: Any) -> Any:
    """A cell of a frame as the value that was written, null as None."""
    if value is None or pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime()
    return value.item() if hasattr(value, "item") else value


def _expected(value: Any, way: str) -> Any:
    """What is kept of a value: Parquet that Athena writes has milliseconds."""
    if isinstance(value, datetime.datetime) and way != "csv":
        return value.replace(microsecond=value.microsecond // 1000 * 1000)
    if isinstance(value, float):
        return pytest.approx(value, rel=1e-15)  # pandas' reader of CSV may be off by the last bit
    return value


@pytest.fixture(scope="module")
def _numbers(iceberg: GlueCatalog, database: str) -> None:
    rows = pa.table({"n": pa.array(range(5), pa.int64()), "g": ["a", "b", "a", "b", None]})
    iceberg.create_table((database, "numbers"), rows.schema).append(rows)


@pytest.mark.usefixtures("_numbers")
@pytest.mark.parametrize("way", WAYS)
def test_a_result_can_be_read_in_chunks(database: str, bucket: str, way: str) -> None:
    chunks = _read("SELECT n FROM numbers ORDER BY n", database, bucket, chunksize=2, **WAYS[way])
    assert [list(chunk["n"]) for chunk in chunks] == [[0, 1], [2, 3], [4]]


@pytest.mark.usefixtures("_numbers")
@pytest.mark.parametrize("way", ["table", "csv"])
def test_an_empty_result_has_its_columns(database: str, bucket: str, way: str) -> None:
    frame = _read("SELECT n, g FROM numbers WHERE n > 100", database, bucket, **WAYS[way])
    assert list(frame.columns) == ["n", "g"]
    assert frame.empty


@pytest.mark.usefixtures("_numbers")
def test_parameters_and_metadata_come_through(database: str, bucket: str) -> None:
    options = {"ctas_approach": False, "params": ["a"], "paramstyle": "qmark"}
    frame = _read("SELECT n FROM numbers WHERE g = ? ORDER BY n", database, bucket, **options)
    assert list(frame["n"]) == [0, 2]
    metadata: Any = frame.query_metadata
    assert metadata["Statistics"]["DataScannedInBytes"] > 0


@pytest.mark.usefixtures("_numbers")
@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("SELECT nope FROM numbers", "COLUMN_NOT_FOUND"),
        ("SELECT 1 AS x, 2 AS x", "(?i)distinct names"),
        ("SELECT count(*) FROM numbers", "(?i)define all columns names"),
        ("SELECT NULL AS x", "(?i)undefined columns types"),
    ],
)
def test_a_failure_is_understood(database: str, bucket: str, sql: str, reason: str) -> None:
    with pytest.raises(Exception, match=reason):
        _read(sql, database, bucket)


@pytest.mark.usefixtures("_numbers")
def test_a_frame_is_written_to_a_table_and_described(database: str, bucket: str) -> None:
    frame = pd.DataFrame({"a": [1, 2], "b": ["x", "y"]})
    awswrangler.athena.to_iceberg(
        frame,
        database=database,
        table="written",
        table_location=f"s3://{bucket}/written/",
        temp_path=f"s3://{bucket}/temporary/",
        s3_output=f"s3://{bucket}/x/",
    )
    assert len(_read("SELECT * FROM written", database, bucket)) == 2
    described = awswrangler.athena.describe_table("written", database, s3_output=f"s3://{bucket}/x/")
    assert list(zip(described["Column Name"], described["Type"], strict=True)) == [
        ("a", "bigint"),
        ("b", "string"),
    ]
