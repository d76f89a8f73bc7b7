"""A rule reaches Kinesis and Firehose streams."""

from __future__ import annotations

import json

from .deadline import eventually
from .deployment import Stage


def put_event_for(stage: Stage, name: str, target: dict[str, object]) -> None:
    events = stage.client("events")
    events.put_rule(Name=name, EventPattern=json.dumps({"source": [name]}))
    events.put_targets(Rule=name, Targets=[{"Id": "stream", "RoleArn": stage.role(), **target}])
    entry = {"Source": name, "DetailType": "test", "Detail": json.dumps({"customer": "c1"})}
    events.put_events(Entries=[entry])


def test_an_event_reaches_a_kinesis_stream(stage: Stage, name: str) -> None:
    kinesis = stage.client("kinesis")
    kinesis.create_stream(StreamName=name, ShardCount=1)
    arn = kinesis.describe_stream_summary(StreamName=name)["StreamDescriptionSummary"]["StreamARN"]

    put_event_for(stage, name, {"Arn": arn, "KinesisParameters": {"PartitionKeyPath": "$.detail.customer"}})

    shard = kinesis.list_shards(StreamName=name)["Shards"][0]["ShardId"]
    start = {"StreamName": name, "ShardId": shard, "ShardIteratorType": "TRIM_HORIZON"}
    iterator = kinesis.get_shard_iterator(**start)["ShardIterator"]
    [record] = kinesis.get_records(ShardIterator=iterator)["Records"]
    assert record["PartitionKey"] == "c1"
    assert json.loads(record["Data"])["detail"] == {"customer": "c1"}


def test_an_event_reaches_a_bucket_through_firehose(stage: Stage, name: str) -> None:
    s3, firehose = stage.client("s3"), stage.client("firehose")
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": stage.context.region})
    destination = {"RoleARN": stage.role(), "BucketARN": f"arn:aws:s3:::{name}"}
    arn = firehose.create_delivery_stream(
        DeliveryStreamName=name, ExtendedS3DestinationConfiguration=destination
    )["DeliveryStreamARN"]

    put_event_for(stage, name, {"Arn": arn, "InputPath": "$.detail"})

    [found] = eventually(lambda: s3.list_objects_v2(Bucket=name).get("Contents"))
    body = s3.get_object(Bucket=name, Key=found["Key"])["Body"].read()
    assert json.loads(body) == {"customer": "c1"}
