"""What S3 announces, with moto as it is and with the adapters."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from cloudstage.adapters import s3_events

from .gaps import Adapted, with_and_without

REGION = "eu-central-1"
BUCKET = "announcing"


class Announcements:
    """A bucket that announces everything it may to a queue and to the event bus."""

    def __init__(self, client: Callable[[str], Any]) -> None:
        self.s3 = client("s3")
        self._sqs = client("sqs")
        self.s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        self._urls = [self._sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("direct", "bus")]
        arn = f"arn:aws:sqs:{REGION}:123456789012"
        events = ["s3:ObjectCreated:*", "s3:ObjectTagging:*"]
        self.s3.put_bucket_notification_configuration(
            Bucket=BUCKET,
            NotificationConfiguration={
                "QueueConfigurations": [{"QueueArn": f"{arn}:direct", "Events": events}],
                "EventBridgeConfiguration": {},
            },
        )
        bus = client("events")
        bus.put_rule(Name="all", EventPattern='{"source": ["aws.s3"]}')
        bus.put_targets(Rule="all", Targets=[{"Id": "queue", "Arn": f"{arn}:bus"}])

    def records(self) -> list[dict[str, Any]]:
        return [record for body in self._bodies(self._urls[0]) for record in body.get("Records", [])]

    def names(self) -> list[str]:
        return [record["eventName"] for record in self.records()]

    def on_bus(self) -> list[dict[str, Any]]:
        return self._bodies(self._urls[1])

    def _bodies(self, url: str) -> list[dict[str, Any]]:
        received = self._sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)
        return [json.loads(message["Body"]) for message in received.get("Messages", [])]


@pytest.fixture
def announcements(client: Callable[[str], Any]) -> Announcements:
    return Announcements(client)


def upload_in_parts(s3: Any, key: str) -> None:
    upload = s3.create_multipart_upload(Bucket=BUCKET, Key=key)["UploadId"]
    part = s3.upload_part(Bucket=BUCKET, Key=key, UploadId=upload, PartNumber=1, Body=b"x")
    parts = {"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}
    s3.complete_multipart_upload(Bucket=BUCKET, Key=key, UploadId=upload, MultipartUpload=parts)


@with_and_without(s3_events.multipart_upload_is_one_event)
def test_a_multipart_upload_is_announced_once(announcements: Announcements, adapted: Adapted) -> None:
    with adapted:
        upload_in_parts(announcements.s3, "a")

    created = [name for name in announcements.names() if name.startswith("ObjectCreated")]
    assert created == ["ObjectCreated:CompleteMultipartUpload"]


@with_and_without(s3_events.records_are_complete)
def test_a_record_tells_what_s3_tells(announcements: Announcements, adapted: Adapted) -> None:
    s3 = announcements.s3
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    with adapted:
        puts = [s3.put_object(Bucket=BUCKET, Key="a/b c=ü.csv", Body=b"1234") for _ in range(2)]

    records = [record for record in announcements.records() if record["eventName"] == "ObjectCreated:Put"]
    objects = [record["s3"]["object"] for record in records]
    assert objects[0].pop("sequencer") < objects[1].pop("sequencer")
    assert objects == [
        {
            "key": "a/b+c%3D%C3%BC.csv",
            "size": 4,
            "eTag": put["ETag"].strip('"'),
            "versionId": put["VersionId"],
        }
        for put in puts
    ]
    record = records[0]
    assert record["eventTime"].endswith("Z")
    assert record["userIdentity"]["principalId"]
    assert record["requestParameters"]["sourceIPAddress"]
    assert {"x-amz-request-id", "x-amz-id-2"} == record["responseElements"].keys()
    assert record["s3"]["bucket"]["ownerIdentity"]["principalId"]


@with_and_without(s3_events.only_put_object_tagging_announces_tags)
def test_tags_are_announced_when_they_are_put(announcements: Announcements, adapted: Adapted) -> None:
    tags = {"TagSet": [{"Key": "k", "Value": "v"}]}
    with adapted:
        announcements.s3.put_object(Bucket=BUCKET, Key="a", Body=b"x", Tagging="k=v")
        announcements.s3.copy_object(Bucket=BUCKET, Key="b", CopySource=f"{BUCKET}/a")
        announcements.s3.put_object_tagging(Bucket=BUCKET, Key="a", Tagging=tags)

    assert announcements.names() == ["ObjectCreated:Put", "ObjectCreated:Copy", "ObjectTagging:Put"]


@with_and_without(s3_events.eventbridge_details_are_the_objects)
def test_the_event_bus_tells_the_version_the_order_and_the_reason(
    announcements: Announcements, adapted: Adapted
) -> None:
    s3 = announcements.s3
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    with adapted:
        versions = [s3.put_object(Bucket=BUCKET, Key="a/b c", Body=b"x")["VersionId"] for _ in range(2)]

    created = [
        event["detail"] for event in announcements.on_bus() if event["detail-type"] == "Object Created"
    ]
    assert [detail["object"]["version-id"] for detail in created] == versions
    assert [detail["object"]["key"] for detail in created] == ["a/b c"] * 2
    assert created[0]["object"]["sequencer"] < created[1]["object"]["sequencer"]
    assert {detail["reason"] for detail in created} == {"PutObject"}


@with_and_without(s3_events.topics_get_a_subject)
def test_what_comes_through_a_topic_has_a_subject(client: Callable[[str], Any], adapted: Adapted) -> None:
    s3, sns, sqs = client("s3"), client("sns"), client("sqs")
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    topic = sns.create_topic(Name="objects")["TopicArn"]
    url = sqs.create_queue(QueueName="through-topic")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    with adapted:
        configuration = {"TopicConfigurations": [{"TopicArn": topic, "Events": ["s3:ObjectCreated:*"]}]}
        s3.put_bucket_notification_configuration(Bucket=BUCKET, NotificationConfiguration=configuration)
        s3.put_object(Bucket=BUCKET, Key="a", Body=b"x")

    messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    assert {json.loads(message["Body"])["Subject"] for message in messages} == {"Amazon S3 Notification"}
