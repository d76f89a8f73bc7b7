"""The job in Lambda: a batch of a queue in, objects and failed messages out."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from moto import mock_aws

from etl.register_raw_data.main import handler

DATA = Path(__file__).parents[2] / "data/register_raw_data"
NOTIFICATION = (DATA / "object_created.json").read_text()
CONTEXT = SimpleNamespace(aws_request_id="request-1")
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "DST_STAGE": "local",
    "DST_WORKSPACE": "default",
    "DST_PROJECT": "dst",
    "DST_REGION": "eu-central-1",
    "DST_DATABASE": "default_dst",
    "DST_RAW_URI": "s3://raw-zone",
    "DST_CURATED_URI": "s3://curated-zone",
    "DST_QUARANTINE_URI": "s3://quarantine-zone",
    "DST_ARTIFACTS_URI": "s3://artifacts-zone",
    "DST_SOURCE_DATA_URI": "s3://raw-zone/signals/",
    "DST_TARGET_DATA_URI": "s3://curated-zone/raw_files/",
}


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    root = logging.getLogger()
    before = root.handlers[:], root.level
    with mock_aws():
        client = boto3.client("s3")
        client.create_bucket(
            Bucket="curated-zone", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
        )
        yield client
    root.handlers[:], root.level = before


def batch(*bodies: str) -> dict[str, Any]:
    return {"Records": [{"messageId": f"m{place}", "body": body} for place, body in enumerate(bodies)]}


def rows(s3: Any) -> list[dict[str, Any]]:
    listed = s3.list_objects_v2(Bucket="curated-zone", Prefix="raw_files/").get("Contents", [])
    return [
        json.loads(s3.get_object(Bucket="curated-zone", Key=each["Key"])["Body"].read()) for each in listed
    ]


def test_every_message_is_recorded_and_a_bad_one_in_the_middle_reported(s3: Any) -> None:
    second = NOTIFICATION.replace("weekly+values", "second")
    answer = handler(batch(NOTIFICATION, "garbage", second), CONTEXT)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "m1"}]}
    assert {row["key"] for row in rows(s3)} == {"signals/co2/weekly values.csv", "signals/co2/second.csv"}


def test_the_same_message_again_records_nothing_more(s3: Any) -> None:
    for _ in range(3):
        assert handler(batch(NOTIFICATION, NOTIFICATION), CONTEXT) == {"batchItemFailures": []}
    assert len(rows(s3)) == 1


def test_a_row_that_cannot_be_written_is_delivered_again(s3: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DST_TARGET_DATA_URI", "s3://no-such-bucket/raw_files/")
    assert handler(batch(NOTIFICATION), CONTEXT) == {"batchItemFailures": [{"itemIdentifier": "m0"}]}
    assert rows(s3) == []
