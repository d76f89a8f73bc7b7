"""An object is read only if it is still the one that was listed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from dst.lake import raw_objects
from dst.s3_uri import S3Uri
from etl.ingest_raw_data import raw_file

PREFIX = S3Uri("raw-zone", "signals/")


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    with mock_aws():
        client = boto3.client("s3", region_name="eu-central-1")
        client.create_bucket(
            Bucket="raw-zone", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
        )
        yield client


def put(s3: Any, content: bytes) -> None:
    s3.put_object(Bucket="raw-zone", Key="signals/a.csv", Body=content)


def test_it_is_streamed_to_its_end(s3: Any) -> None:
    content = b"".join(b"line %d\n" % number for number in range(200_000))
    put(s3, content)
    (listed,) = raw_objects.below(s3, PREFIX)
    assert b"".join(raw_file.fetch(s3, listed)) == content


def test_a_replaced_object_is_not_read(s3: Any) -> None:
    put(s3, b"first")
    (listed,) = raw_objects.below(s3, PREFIX)
    put(s3, b"second")
    with pytest.raises(raw_file.FileReplacedError, match=r"s3://raw-zone/signals/a\.csv was replaced"):
        raw_file.fetch(s3, listed)


def test_a_deleted_object_is_not_read(s3: Any) -> None:
    put(s3, b"first")
    (listed,) = raw_objects.below(s3, PREFIX)
    s3.delete_object(Bucket="raw-zone", Key="signals/a.csv")
    with pytest.raises(raw_file.FileReplacedError):
        raw_file.fetch(s3, listed)
