"""Queries that run side by side, are stopped, and are remembered."""
# ruff: noqa: S608 (the tests write their own SQL)

from __future__ import annotations

import os
import pickle
from typing import Any

import pyarrow as pa
import pytest
from botocore.exceptions import ClientError
from moto.athena.models import athena_backends
from pyiceberg.catalog.glue import GlueCatalog

from cloudstage.athena.engine import Engine
from cloudstage.athena.execution import RUNNING, QueryExecution, executions
from cloudstage.athena.runner import QueryRunner
from cloudstage.athena.services import Services
from cloudstage.athena.tables.objects import StageObjects
from cloudstage.context import Context

from .conftest import REGION
from .queries import Queries

# Takes minutes unless it is stopped.
ENDLESS = """
    SELECT count(*) FROM UNNEST(sequence(1, 100000)) AS a (x) CROSS JOIN UNNEST(sequence(1, 100000)) AS b (y)
    CROSS JOIN UNNEST(sequence(1, 100000)) AS c (z) WHERE x * y % 7 = z % 11
"""


def test_a_running_query_can_be_stopped(queries: Queries) -> None:
    identifier = queries.start(ENDLESS)
    with pytest.raises(ClientError, match=r"has not yet finished\. Current state: (QUEUED|RUNNING)"):
        queries.client.get_query_results(QueryExecutionId=identifier)
    queries.client.stop_query_execution(QueryExecutionId=identifier)
    status = queries.wait(identifier)["Status"]
    assert (status["State"], status["StateChangeReason"]) == ("CANCELLED", "Query cancelled by user")
    with pytest.raises(ClientError, match="Could not find results"):
        queries.client.get_query_results(QueryExecutionId=identifier)


def test_stopping_a_finished_query_changes_nothing(queries: Queries) -> None:
    identifier = queries.succeed("SELECT 1")["QueryExecutionId"]
    queries.client.stop_query_execution(QueryExecutionId=identifier)
    assert queries.wait(identifier)["Status"]["State"] == "SUCCEEDED"


def test_queries_run_side_by_side_and_don_t_see_each_other(
    queries: Queries, iceberg: GlueCatalog, database: str
) -> None:
    endless = queries.start(ENDLESS)
    for number in range(3):
        rows = pa.table({"x": [number] * (number + 1)})
        iceberg.create_table((database, f"side_{number}"), rows.schema).append(rows)
    started = [queries.start(f"SELECT count(*), max(x) FROM side_{number}") for number in range(3)]
    for number, identifier in enumerate(started):
        assert queries.wait(identifier)["Status"]["State"] == "SUCCEEDED"
        result = queries.client.get_query_results(QueryExecutionId=identifier)["ResultSet"]["Rows"][1]
        assert [value["VarCharValue"] for value in result["Data"]] == [str(number + 1), str(number)]
    assert queries.client.get_query_execution(QueryExecutionId=endless)["QueryExecution"]["Status"][
        "State"
    ] in {
        "QUEUED",
        "RUNNING",
    }
    queries.client.stop_query_execution(QueryExecutionId=endless)


def test_executions_can_be_kept(stage: Context, queries: Queries) -> None:
    identifier = queries.succeed("SELECT 1")["QueryExecutionId"]
    execution = executions(athena_backends[stage.account_id][REGION])[identifier]
    kept = pickle.loads(pickle.dumps(execution))  # noqa: S301 (what this test has made)
    assert kept.describe() == execution.describe()


def test_what_a_stopped_stage_left_running_has_failed(stage: Context, queries: Queries) -> None:
    left: dict[str, Any] = dict.fromkeys(
        ("parameters", "substatement_type", "request_token", "requested_database", "requested_location")
    )
    interrupted = QueryExecution(
        query="SELECT 1",
        workgroup="primary",
        database=None,
        catalog=None,
        statement_type="DML",
        output_location=queries.output,
        state=RUNNING,
        **left,
    )
    executions(athena_backends[stage.account_id][REGION])[interrupted.id] = interrupted
    services = Services(stage, StageObjects(stage.account_id, REGION), Engine(stage.directory))
    restarted = QueryRunner(services)
    restarted.mark_interrupted()
    restarted.stop()
    status = queries.wait(interrupted.id)["Status"]
    assert status["State"] == "FAILED"
    assert status["StateChangeReason"] == "The cloudstage was stopped while the query ran"


def test_a_query_that_reads_too_much_for_its_workgroup_is_cancelled(
    queries: Queries, iceberg: GlueCatalog, database: str, bucket: str
) -> None:
    rows = pa.table({"x": [os.urandom(11_000_000)]})
    iceberg.create_table((database, "wide"), rows.schema).append(rows)
    configuration = {
        "BytesScannedCutoffPerQuery": 10_000_000,
        "ResultConfiguration": {"OutputLocation": f"s3://{bucket}/limited/"},
    }
    queries.client.create_work_group(Name="limited", Configuration=configuration)
    status = queries.run("SELECT count(*) FROM wide", WorkGroup="limited")["Status"]
    assert (status["State"], status["StateChangeReason"]) == ("CANCELLED", "Bytes scanned limit was exceeded")
