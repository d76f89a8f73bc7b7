"""Event source mappings that AWS refuses are refused, with AWS's messages."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
from moto.awslambda.exceptions import LambdaClientError

from cloudstage.awslambda.event_sources import checks
from cloudstage.awslambda.event_sources.streams import DynamoDBStream

QUEUE = "arn:aws:sqs:eu-central-1:123456789012:q"
KINESIS = "arn:aws:kinesis:eu-central-1:123456789012:stream/s"
TABLE = "arn:aws:dynamodb:eu-central-1:123456789012:table/t/stream/2026-01-01T00:00:00.000"
FUNCTION = "arn:aws:lambda:eu-central-1:123456789012:function:f"


def filtered(pattern: Any) -> dict[str, Any]:
    return {"FilterCriteria": {"Filters": [{"Pattern": json.dumps(pattern)}]}}


@pytest.mark.parametrize(
    "spec",
    [
        {},
        {"BatchSize": 10},
        {"BatchSize": 11, "MaximumBatchingWindowInSeconds": 1},
        {"FilterCriteria": {"Filters": []}},
        filtered({"body": {"n": [{"numeric": [">", 1]}]}}),
    ],
)
def test_accepted(spec: dict[str, Any]) -> None:
    checks.check_settings(QUEUE, spec)


@pytest.mark.parametrize(
    ("source", "spec", "message"),
    [
        (QUEUE, {"BatchSize": 11}, "Maximum batch window in seconds must be greater than 0"),
        (f"{QUEUE}.fifo", {"BatchSize": 11}, "Member must have value between 1 and 10"),
        (KINESIS, {"BatchSize": 10_001}, "Member must have value between 1 and 10000"),
        (QUEUE, filtered("simple"), "Invalid filter pattern definition."),
        (QUEUE, filtered(None), "Invalid filter pattern definition."),
        (QUEUE, filtered({"eventSource": "aws:sqs"}), "Invalid filter pattern definition."),
        (QUEUE, filtered({"eventSource": []}), "Invalid filter pattern definition."),
        (QUEUE, {"FilterCriteria": {"Filters": [{"Pattern": "{"}]}}, "Invalid filter pattern definition."),
        ("arn:aws:kafka:eu-central-1:123456789012:cluster/c", {}, "cloudstage polls SQS queues"),
    ],
)
def test_refused(source: str, spec: dict[str, Any], message: str) -> None:
    with pytest.raises(LambdaClientError) as refused:
        checks.check_settings(source, spec)
    assert message in refused.value.description


def test_an_update_is_checked_with_what_it_leaves_alone() -> None:
    mapping = SimpleNamespace(batch_size=100, max_batch_window=1)
    checks.check_settings(QUEUE, {"BatchSize": 200}, mapping)
    with pytest.raises(LambdaClientError):
        checks.check_settings(QUEUE, {"MaximumBatchingWindowInSeconds": 0}, mapping)


@pytest.mark.parametrize(
    ("position", "message"),
    [
        (None, "Value null at 'startingPosition' failed to satisfy constraint: Member must not be null."),
        ("FIRST", "Member must satisfy enum value set: [LATEST, AT_TIMESTAMP, TRIM_HORIZON]"),
        ("AT_TIMESTAMP", "Unsupported starting position for arn type"),
    ],
)
def test_a_table_is_read_from_a_known_position(position: str | None, message: str) -> None:
    with pytest.raises(LambdaClientError) as refused:
        checks.check_stream(DynamoDBStream(TABLE), position)
    assert message in refused.value.description


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (QUEUE, 'mapping with SQS arn (\\" ARN \\") and function (\\" f \\") already exists'),
        (KINESIS, 'event source arn (\\" ARN \\") and function (\\" f \\") provided mapping already exists'),
    ],
)
def test_a_second_mapping_is_a_conflict(source: str, message: str) -> None:
    known = {"u": SimpleNamespace(event_source_arn=source, function_arn=FUNCTION, uuid="u")}
    checks.check_new(known, source, f"{FUNCTION}:live")
    with pytest.raises(LambdaClientError) as refused:
        checks.check_new(known, source, FUNCTION)
    assert message.replace("ARN", source) in refused.value.description
    assert refused.value.code == 409
