from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from dst.errors import RawDataError
from dst.lake import raw_objects
from dst.s3_uri import S3Uri


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    with mock_aws():
        client = boto3.client("s3", region_name="us-east-1")
        client.create_bucket(Bucket="raw-zone")
        yield client


def test_every_object_below_the_prefix_is_listed_over_all_pages(s3: Any) -> None:
    keys = [f"signals/{number:04d} é+.csv" for number in range(1005)]
    for key in [*keys, "signals/", "signals/sub/", "other/x.csv"]:
        s3.put_object(Bucket="raw-zone", Key=key, Body=b"" if key.endswith("/") else b"x")
    listed = list(raw_objects.below(s3, S3Uri("raw-zone", "signals/")))
    assert [each.uri.key for each in listed] == keys
    assert {(each.etag, each.size_bytes) for each in listed} == {("9dd4e461268c8034f5c8564e155c67a6", 1)}


def test_an_empty_object_is_listed_too(s3: Any) -> None:
    s3.put_object(Bucket="raw-zone", Key="empty.csv", Body=b"")
    assert [each.size_bytes for each in raw_objects.below(s3, S3Uri("raw-zone"))] == [0]


def test_a_missing_bucket_is_said(s3: Any) -> None:
    with pytest.raises(RawDataError, match="can't list s3://no-such-bucket/"):
        list(raw_objects.below(s3, S3Uri("no-such-bucket")))
