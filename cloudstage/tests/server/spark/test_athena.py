"""Athena in a cloudstage of its own: what outlives a restart, and writers that meet."""

from __future__ import annotations

import concurrent.futures
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from cloudstage.lifecycle import Cloudstage

REGION = "eu-central-1"
ENDLESS = """
    SELECT count(*) FROM UNNEST(sequence(1, 100000)) AS a (x) CROSS JOIN UNNEST(sequence(1, 100000)) AS b (y)
    CROSS JOIN UNNEST(sequence(1, 100000)) AS c (z) WHERE x * y % 7 = z % 11
"""


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Cloudstage]:
    stage = Cloudstage(tmp_path / "stage")
    yield stage
    stage.delete()


def _clients(stage: Cloudstage) -> tuple[Any, Any]:
    environment = stage.up().environment()
    session = boto3.Session(
        environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"], region_name=REGION
    )
    athena, s3 = (
        session.client(name, endpoint_url=environment["AWS_ENDPOINT_URL"]) for name in ("athena", "s3")
    )
    return athena, s3


def _ended(athena: Any, identifier: str) -> dict[str, Any]:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        execution = athena.get_query_execution(QueryExecutionId=identifier)["QueryExecution"]
        if execution["Status"]["State"] not in {"QUEUED", "RUNNING"}:
            return dict(execution)
    raise TimeoutError(identifier)


def test_queries_and_results_outlive_the_stage(stage: Cloudstage) -> None:
    athena, s3 = _clients(stage)
    s3.create_bucket(Bucket="kept-results", CreateBucketConfiguration={"LocationConstraint": REGION})
    output = {"OutputLocation": "s3://kept-results/"}
    done = athena.start_query_execution(QueryString="SELECT 42 AS x", ResultConfiguration=output)[
        "QueryExecutionId"
    ]
    described = _ended(athena, done)
    assert described["Status"]["State"] == "SUCCEEDED"
    running = athena.start_query_execution(QueryString=ENDLESS, ResultConfiguration=output)[
        "QueryExecutionId"
    ]

    stage.down()
    athena, _ = _clients(stage)

    assert athena.get_query_execution(QueryExecutionId=done)["QueryExecution"] == described
    rows = athena.get_query_results(QueryExecutionId=done)["ResultSet"]["Rows"]
    assert rows == [{"Data": [{"VarCharValue": "x"}]}, {"Data": [{"VarCharValue": "42"}]}]
    interrupted = athena.get_query_execution(QueryExecutionId=running)["QueryExecution"]["Status"]
    assert interrupted["State"] == "FAILED"
    assert "stopped while the query ran" in interrupted["StateChangeReason"]


def test_inserts_that_meet_all_arrive(stage: Cloudstage) -> None:
    """The cloudstage's catalog refuses a commit on a version that is not the latest; who loses tries again."""
    athena, s3 = _clients(stage)
    s3.create_bucket(Bucket="written-to", CreateBucketConfiguration={"LocationConstraint": REGION})

    def run(sql: str) -> dict[str, Any]:
        output = {"OutputLocation": "s3://written-to/results/"}
        started = athena.start_query_execution(QueryString=sql, ResultConfiguration=output)
        return _ended(athena, started["QueryExecutionId"])

    run("CREATE DATABASE meeting")
    run(
        "CREATE TABLE meeting.t (id bigint) LOCATION 's3://written-to/t/' TBLPROPERTIES ('table_type' = 'ICEBERG')"
    )
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        ended = list(pool.map(run, [f"INSERT INTO meeting.t VALUES ({number})" for number in range(4)]))  # noqa: S608
    assert [each["Status"]["State"] for each in ended] == ["SUCCEEDED"] * 4, ended
    counted = run("SELECT count(*), count(DISTINCT id) FROM meeting.t")
    rows = athena.get_query_results(QueryExecutionId=counted["QueryExecutionId"])["ResultSet"]["Rows"]
    assert [value["VarCharValue"] for value in rows[1]["Data"]] == ["4", "4"]
