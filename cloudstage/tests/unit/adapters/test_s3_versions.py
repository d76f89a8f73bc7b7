"""Versions of objects and their deletion, with moto as it is and with the adapters."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from cloudstage.adapters import s3_versions

from .gaps import Adapted, with_and_without

BUCKET = "versioned"


@pytest.fixture
def s3(client: Callable[[str], Any]) -> Any:
    s3 = client("s3")
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    return s3


@pytest.fixture
def announced(s3: Any, client: Callable[[str], Any]) -> Callable[[], list[str]]:
    """The names and keys of what the bucket announced since the last call."""
    sqs = client("sqs")
    url = sqs.create_queue(QueueName="removed")["QueueUrl"]
    removed = {"QueueArn": "arn:aws:sqs:eu-central-1:123456789012:removed", "Events": ["s3:ObjectRemoved:*"]}
    s3.put_bucket_notification_configuration(
        Bucket=BUCKET, NotificationConfiguration={"QueueConfigurations": [removed]}
    )

    def receive() -> list[str]:
        messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        records = [record for m in messages for record in json.loads(m["Body"]).get("Records", [])]
        return [f"{record['eventName']} {record['s3']['object']['key']}" for record in records]

    return receive


def versioning(s3: Any, status: str) -> None:
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": status})


def versions(s3: Any) -> list[str]:
    return [version["VersionId"] for version in s3.list_object_versions(Bucket=BUCKET).get("Versions", [])]


@with_and_without(s3_versions.suspended_buckets_keep_their_versions)
def test_a_put_after_suspension_keeps_older_versions(s3: Any, adapted: Adapted) -> None:
    with adapted:
        versioning(s3, "Enabled")
        first = s3.put_object(Bucket=BUCKET, Key="a", Body=b"1")["VersionId"]
        versioning(s3, "Suspended")
        for body in (b"2", b"3"):
            s3.put_object(Bucket=BUCKET, Key="a", Body=body)

        assert versions(s3) == ["null", first]
        assert s3.get_object(Bucket=BUCKET, Key="a")["Body"].read() == b"3"
        assert s3.get_object(Bucket=BUCKET, Key="a", VersionId=first)["Body"].read() == b"1"


@with_and_without(s3_versions.deletions_are_announced)
def test_a_delete_marker_and_the_deletion_of_a_version_are_announced(
    s3: Any, announced: Callable[[], list[str]], adapted: Adapted
) -> None:
    with adapted:
        versioning(s3, "Enabled")
        first, _ = (s3.put_object(Bucket=BUCKET, Key="a", Body=b"1")["VersionId"] for _ in range(2))
        marker = s3.delete_object(Bucket=BUCKET, Key="a")
        s3.delete_object(Bucket=BUCKET, Key="a", VersionId=first)

    assert marker["DeleteMarker"]
    assert announced() == ["ObjectRemoved:DeleteMarkerCreated a", "ObjectRemoved:Delete a"]
    assert len(versions(s3)) == 1


@with_and_without(s3_versions.deletions_are_announced)
def test_the_deletion_of_a_missing_object_is_announced(
    s3: Any, announced: Callable[[], list[str]], adapted: Adapted
) -> None:
    with adapted:
        s3.put_object(Bucket=BUCKET, Key="a", Body=b"1")
        s3.delete_objects(Bucket=BUCKET, Delete={"Objects": [{"Key": "a"}, {"Key": "missing"}]})
    assert announced() == ["ObjectRemoved:Delete a", "ObjectRemoved:Delete missing"]


@with_and_without(s3_versions.deletions_are_announced)
def test_a_deletion_after_suspension_replaces_the_null_version_only(s3: Any, adapted: Adapted) -> None:
    with adapted:
        versioning(s3, "Enabled")
        first = s3.put_object(Bucket=BUCKET, Key="a", Body=b"1")["VersionId"]
        versioning(s3, "Suspended")
        for _ in range(2):
            assert s3.delete_object(Bucket=BUCKET, Key="a")["VersionId"] == "null"
        assert versions(s3) == [first]
        assert len(s3.list_object_versions(Bucket=BUCKET)["DeleteMarkers"]) == 1


@with_and_without(s3_versions.the_null_version_is_named)
def test_the_version_of_an_object_is_null_after_suspension(s3: Any, adapted: Adapted) -> None:
    with adapted:
        s3.put_object(Bucket=BUCKET, Key="a", Body=b"1")
        assert "VersionId" not in s3.get_object(Bucket=BUCKET, Key="a")
        versioning(s3, "Suspended")
        assert "VersionId" not in s3.put_object(Bucket=BUCKET, Key="a", Body=b"2")
        assert s3.copy_object(Bucket=BUCKET, Key="b", CopySource=f"{BUCKET}/a")["VersionId"] == "null"
        assert s3.get_object(Bucket=BUCKET, Key="a")["VersionId"] == "null"
        assert s3.head_object(Bucket=BUCKET, Key="b")["VersionId"] == "null"
