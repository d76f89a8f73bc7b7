from __future__ import annotations

import datetime

import pyarrow as pa
import pytest
from pyiceberg.catalog.glue import GlueCatalog

from ops.local.context import StageContext

from .queries import Queries

ROWS = pa.table(
    {
        "name": ["one", "two", "three", None],
        "value": [1.5, 1e10, None, 0.25],
        "observed_at": pa.array([datetime.datetime(2024, 1, day) for day in range(1, 5)], pa.timestamp("us")),
    }
)


@pytest.fixture(autouse=True)
def observations(iceberg: GlueCatalog, database: str) -> None:
    iceberg.create_table((database, "observations"), ROWS.schema).append(ROWS)


def test_the_rows_of_an_iceberg_table_are_given_as_athena_gives_them(queries: Queries) -> None:
    assert queries.table("SELECT * FROM observations ORDER BY observed_at") == [
        ["name", "value", "observed_at"],
        ["one", "1.5", "2024-01-01 00:00:00.000000"],
        ["two", "1.0E10", "2024-01-02 00:00:00.000000"],
        ["three", None, "2024-01-03 00:00:00.000000"],
        [None, "0.25", "2024-01-04 00:00:00.000000"],
    ]


def test_the_result_is_kept_as_csv_where_the_caller_asked_for_it(
    queries: Queries, stage: StageContext, bucket: str
) -> None:
    execution = queries.run("SELECT name, value FROM observations ORDER BY observed_at")
    location = execution["ResultConfiguration"]["OutputLocation"]
    assert location == f"s3://{bucket}/results/{execution['QueryExecutionId']}.csv"
    body = stage.client("s3").get_object(Bucket=bucket, Key=location.removeprefix(f"s3://{bucket}/"))["Body"]
    assert body.read() == b'"name","value"\n"one","1.5"\n"two","1.0E10"\n"three",\n,"0.25"\n'
