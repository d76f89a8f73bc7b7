"""StartQueryExecution and its kin: workgroups, tokens, parameters, lists."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudstage.context import Context

from .queries import Queries


@pytest.fixture
def workgroup(queries: Queries, bucket: str) -> str:
    """A workgroup that enforces its output location, as this platform's does."""
    name = f"group-{uuid.uuid4().hex[:8]}"
    configuration = {
        "EnforceWorkGroupConfiguration": True,
        "BytesScannedCutoffPerQuery": 10_000_000,
        "ResultConfiguration": {"OutputLocation": f"s3://{bucket}/enforced"},
    }
    queries.client.create_work_group(Name=name, Configuration=configuration)
    return name


def _refused(queries: Queries, sql: str = "SELECT 1", **request: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as refused:
        queries.start(sql, **request)
    assert refused.value.response["Error"]["Code"] == "InvalidRequestException"
    return refused.value.response["AthenaErrorCode"], refused.value.response["Error"]["Message"]


def test_an_enforced_workgroup_says_where_results_go(queries: Queries, workgroup: str, bucket: str) -> None:
    execution = queries.succeed("SELECT 1", WorkGroup=workgroup)
    location = f"s3://{bucket}/enforced/{execution['QueryExecutionId']}.csv"
    assert execution["ResultConfiguration"]["OutputLocation"] == location


def test_a_workgroup_is_the_default_for_its_location(queries: Queries, bucket: str) -> None:
    configuration = {
        "EnforceWorkGroupConfiguration": False,
        "ResultConfiguration": {"OutputLocation": f"s3://{bucket}/default/"},
    }
    queries.client.create_work_group(Name="lenient", Configuration=configuration)
    chosen = queries.succeed("SELECT 1", WorkGroup="lenient")
    assert chosen["ResultConfiguration"]["OutputLocation"].startswith(queries.output)
    left_out = queries.succeed("SELECT 1", WorkGroup="lenient", ResultConfiguration={})
    assert left_out["ResultConfiguration"]["OutputLocation"].startswith(f"s3://{bucket}/default/")


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ({"WorkGroup": "no-such-group"}, "WorkGroup is not found."),
        ({"ResultConfiguration": {}}, "No output location provided."),
        ({"ResultConfiguration": {"OutputLocation": "/tmp/x"}}, "outputLocation is not a valid S3 path."),  # noqa: S108
        (
            {"ResultConfiguration": {"OutputLocation": "s3://no-such-bucket-here/x/"}},
            "Unable to verify/create output bucket no-such-bucket-here",
        ),
    ],
)
def test_a_query_without_a_place_is_refused(queries: Queries, request_: dict[str, Any], message: str) -> None:
    code, text = _refused(queries, **request_)
    assert (code, text[: len(message)]) == ("INVALID_INPUT", message)


def test_an_enforced_workgroup_refuses_an_external_location(queries: Queries, workgroup: str) -> None:
    sql = "CREATE TABLE t WITH (external_location = 's3://elsewhere/t/') AS SELECT 1 AS x"
    assert "enforces a centralized output location" in _refused(queries, sql, WorkGroup=workgroup)[1]


def test_results_are_encrypted_as_the_workgroup_wants(queries: Queries, stage: Context, bucket: str) -> None:
    key = stage.client("kms").create_key()["KeyMetadata"]["Arn"]
    encryption = {"EncryptionOption": "SSE_KMS", "KmsKey": key}
    configuration = {"OutputLocation": f"s3://{bucket}/secret/", "EncryptionConfiguration": encryption}
    execution = queries.succeed("SELECT 1", ResultConfiguration=configuration)
    assert execution["ResultConfiguration"]["EncryptionConfiguration"] == encryption
    name = f"secret/{execution['QueryExecutionId']}.csv"
    head = stage.client("s3").head_object(Bucket=bucket, Key=name)
    assert (head["ServerSideEncryption"], head["SSEKMSKeyId"]) == ("aws:kms", key)


def test_a_repeated_token_starts_one_query(queries: Queries) -> None:
    token = uuid.uuid4().hex
    first = queries.start("SELECT 1", ClientRequestToken=token)
    assert queries.start("SELECT 1", ClientRequestToken=token) == first
    assert _refused(queries, "SELECT 2", ClientRequestToken=token) == (
        "IDEMPOTENT_PARAMETER_MISMATCH",
        "Idempotent parameters do not match",
    )


@pytest.mark.parametrize(
    ("value", "row"),
    [
        ("'abc'", ["abc"]),
        ("1 + 1", ["2"]),
        ("DATE '2020-01-01'", ["2020-01-01"]),
        ("abc", ["abc"]),
        ("it's", ["it's"]),
        ("t.x", ["t.x"]),
        ("NULL", [None]),
    ],
)
def test_a_parameter_is_an_expression_or_else_text(
    queries: Queries, value: str, row: list[str | None]
) -> None:
    assert queries.rows("SELECT ? AS v", ExecutionParameters=[value]) == [row]


def test_parameters_are_taken_in_order(queries: Queries) -> None:
    sql = "SELECT x FROM (VALUES 1, 2, 3) AS t (x) WHERE x > ? AND x < ? OR '?' = ? ORDER BY 1"
    assert queries.rows(sql, ExecutionParameters=["1", "3", "'!'"]) == [["2"]]
    assert queries.failure(sql, ExecutionParameters=["1"]).startswith("INVALID_PARAMETER_USAGE")
    assert queries.rows("SELECT 1", ExecutionParameters=["7"]) == [["1"]]


def test_prepared_statements_of_sql_and_of_the_api(queries: Queries) -> None:
    queries.succeed("PREPARE twice FROM SELECT ? * 2")
    assert queries.rows("EXECUTE twice USING 21") == [["42"]]
    queries.client.create_prepared_statement(
        StatementName="thrice", WorkGroup="primary", QueryStatement="SELECT ? * 3"
    )
    assert queries.rows("EXECUTE thrice USING 4") == [["12"]]
    queries.succeed("DEALLOCATE PREPARE twice")
    assert _refused(queries, "EXECUTE twice USING 1")[1].startswith("PreparedStatement twice was not found")


def test_executions_are_listed_by_workgroup_and_described_in_batches(
    queries: Queries, workgroup: str
) -> None:
    started = [queries.start("SELECT 1", WorkGroup=workgroup) for _ in range(3)]
    pages = list(
        queries.client.get_paginator("list_query_executions").paginate(
            WorkGroup=workgroup, PaginationConfig={"PageSize": 2}
        )
    )
    assert [len(page["QueryExecutionIds"]) for page in pages] == [2, 1]
    assert [each for page in pages for each in page["QueryExecutionIds"]] == started[::-1]
    batch = queries.client.batch_get_query_execution(QueryExecutionIds=[started[0], "no-such-query"])
    assert [each["QueryExecutionId"] for each in batch["QueryExecutions"]] == [started[0]]
    assert batch["UnprocessedQueryExecutionIds"][0]["ErrorCode"] == "QUERY_EXECUTION_NOT_FOUND"


@pytest.mark.parametrize("operation", ["get_query_execution", "get_query_results", "stop_query_execution"])
def test_an_unknown_query_is_refused(queries: Queries, operation: str) -> None:
    with pytest.raises(ClientError, match="QueryExecution no-such-query was not found"):
        getattr(queries.client, operation)(QueryExecutionId="no-such-query")


def test_runtime_statistics_count_rows_and_bytes(queries: Queries) -> None:
    identifier = queries.succeed("SELECT x FROM (VALUES 1, 2) AS t (x)")["QueryExecutionId"]
    statistics = queries.client.get_query_runtime_statistics(QueryExecutionId=identifier)
    rows = statistics["QueryRuntimeStatistics"]["Rows"]
    assert (rows["OutputRows"], rows["OutputBytes"]) == (2, len('"x"\n"1"\n"2"\n'))
