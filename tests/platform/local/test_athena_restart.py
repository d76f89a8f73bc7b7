"""What a query left behind is still there after the stage was stopped and started again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from ops.local.stage import LocalStage

REGION = "eu-central-1"
ENDLESS = """
    SELECT count(*) FROM UNNEST(sequence(1, 100000)) AS a (x) CROSS JOIN UNNEST(sequence(1, 100000)) AS b (y)
    CROSS JOIN UNNEST(sequence(1, 100000)) AS c (z) WHERE x * y % 7 = z % 11
"""


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[LocalStage]:
    stage = LocalStage(tmp_path / "stage")
    yield stage
    stage.delete()


def _clients(stage: LocalStage) -> tuple[Any, Any]:
    environment = stage.up().environment(REGION)
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


def test_queries_and_results_outlive_the_stage(stage: LocalStage) -> None:
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
