"""Records of Kinesis and DynamoDB streams reach the mapped function, in order, and none is lost."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudstage.awslambda.event_sources import stream_poller

from .deadline import eventually
from .deployment import Stage
from .events import WRITE_EVENT, Events

FAIL_ON_BAD = """
    import base64, json, os, pathlib
    def handler(event, context):
        texts = [base64.b64decode(record["kinesis"]["data"]).decode() for record in event["Records"]]
        with pathlib.Path(os.environ["TARGET"], "seen").open("a") as seen:
            seen.write(json.dumps(texts) + "\\n")
        if "bad" in texts:
            raise ValueError("bad")
"""


@pytest.fixture(autouse=True)
def _quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream_poller, "RETRY_AFTER_SECONDS", 0.001)


def make_stream(stage: Stage, name: str, shards: int = 1) -> str:
    client = stage.client("kinesis")
    client.create_stream(StreamName=name, ShardCount=shards)
    return str(client.describe_stream(StreamName=name)["StreamDescription"]["StreamARN"])


def put(stage: Stage, stream: str, *texts: str) -> None:
    entries = [{"Data": text.encode(), "PartitionKey": "k"} for text in texts]
    stage.client("kinesis").put_records(StreamName=stream, Records=entries)


def map_stream(stage: Stage, arn: str, function: str, **settings: Any) -> str:
    created = stage.client("lambda").create_event_source_mapping(
        EventSourceArn=arn, FunctionName=function, **({"StartingPosition": "TRIM_HORIZON"} | settings)
    )
    return str(created["UUID"])


def texts(events: Events) -> list[list[str]]:
    return [
        [base64.b64decode(record["kinesis"]["data"]).decode() for record in event["Records"]]
        for event in events.all()
    ]


def all_texts(events: Events) -> list[str]:
    return [text for batch in texts(events) for text in batch]


def seen(events: Events) -> list[list[str]]:
    """The batches that FAIL_ON_BAD was given."""
    target = Path(events.environment["Variables"]["TARGET"], "seen")
    return [json.loads(line) for line in target.read_text().splitlines()] if target.exists() else []


def test_records_of_kinesis_are_handed_over_in_batches(stage: Stage, name: str, events: Events) -> None:
    stage.deploy(name, WRITE_EVENT, Environment=events.environment)
    arn = make_stream(stage, name)
    put(stage, name, *"abcde")

    map_stream(stage, arn, name, BatchSize=2)
    put(stage, name, "f")

    eventually(lambda: all_texts(events) == list("abcdef"))
    assert texts(events)[:2] == [["a", "b"], ["c", "d"]]
    record = events.all()[0]["Records"][0]
    kinesis = record.pop("kinesis")
    assert kinesis.pop("approximateArrivalTimestamp") > 1_700_000_000
    shard = record["eventID"].partition(":")[0]
    assert kinesis == {
        "kinesisSchemaVersion": "1.0",
        "partitionKey": "k",
        "sequenceNumber": record["eventID"].partition(":")[2],
        "data": base64.b64encode(b"a").decode(),
    }
    assert record == {
        "eventSource": "aws:kinesis",
        "eventVersion": "1.0",
        "eventID": f"{shard}:{kinesis['sequenceNumber']}",
        "eventName": "aws:kinesis:record",
        "invokeIdentityArn": stage.role(),
        "awsRegion": stage.context.region,
        "eventSourceARN": arn,
    }


def test_the_latest_position_is_that_of_the_mapping_s_creation(
    stage: Stage, name: str, events: Events
) -> None:
    stage.deploy(name, WRITE_EVENT, Environment=events.environment)
    arn = make_stream(stage, name)
    put(stage, name, "old")

    uuid = map_stream(stage, arn, name, StartingPosition="LATEST", Enabled=False)
    put(stage, name, "new")
    stage.client("lambda").update_event_source_mapping(UUID=uuid, Enabled=True)

    assert eventually(lambda: texts(events)) == [["new"]]


def test_all_shards_are_read(stage: Stage, name: str, events: Events) -> None:
    stage.deploy(name, WRITE_EVENT, Environment=events.environment)
    arn = make_stream(stage, name, shards=3)
    map_stream(stage, arn, name)

    for number in range(12):
        stage.client("kinesis").put_record(StreamName=name, Data=b"%d" % number, PartitionKey=str(number))

    eventually(lambda: sorted(all_texts(events), key=int) == [str(n) for n in range(12)])
    assert len({r["eventID"].partition(":")[0] for event in events.all() for r in event["Records"]}) == 3


def test_changes_of_a_table_are_handed_over(stage: Stage, name: str, events: Events) -> None:
    stage.deploy(name, WRITE_EVENT, Environment=events.environment)
    client = stage.client("dynamodb")
    table = client.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )["TableDescription"]
    map_stream(stage, table["LatestStreamArn"], name, BatchSize=1)

    client.put_item(TableName=name, Item={"id": {"S": "a"}, "n": {"N": "1"}, "b": {"B": b"foobar"}})
    client.put_item(TableName=name, Item={"id": {"S": "a"}, "n": {"N": "2"}})
    client.delete_item(TableName=name, Key={"id": {"S": "a"}})

    eventually(lambda: len(events.all()) == 3)
    records = [event["Records"][0] for event in events.all()]
    assert [record["eventName"] for record in records] == ["INSERT", "MODIFY", "REMOVE"]
    binary = {"b": {"B": base64.b64encode(b"foobar").decode()}}
    assert records[1]["dynamodb"]["OldImage"] == {"id": {"S": "a"}, "n": {"N": "1"}} | binary
    assert records[1]["dynamodb"]["NewImage"] == {"id": {"S": "a"}, "n": {"N": "2"}}
    assert records[0]["eventSourceARN"] == table["LatestStreamArn"]
    assert records[0]["awsRegion"] == stage.context.region
    assert isinstance(records[0]["dynamodb"]["ApproximateCreationDateTime"], float)


def test_a_failing_batch_is_given_up_after_its_retries_and_its_place_is_kept(
    stage: Stage, name: str, events: Events
) -> None:
    stage.deploy(name, FAIL_ON_BAD, Environment=events.environment)
    destination = stage.queue(f"{name}-destination")
    arn = make_stream(stage, name)
    put(stage, name, "a", "bad", "b", "c")

    uuid = map_stream(
        stage,
        arn,
        name,
        BatchSize=2,
        MaximumRetryAttempts=1,
        DestinationConfig={"OnFailure": {"Destination": destination.arn}},
    )

    [message] = eventually(destination.waiting)
    notice = json.loads(message["Body"])
    eventually(lambda: seen(events) == [["a", "bad"], ["a", "bad"], ["b", "c"]])
    assert notice["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert notice["requestContext"]["approximateInvokeCount"] == 2
    assert notice["KinesisBatchInfo"]["batchSize"] == 2
    assert notice["KinesisBatchInfo"]["streamArn"] == arn
    mapping = eventually(
        lambda: (
            (told := stage.client("lambda").get_event_source_mapping(UUID=uuid))["LastProcessingResult"]
            == "OK"
            and told
        )
    )
    assert mapping["State"] == "Enabled"


def test_a_bucket_keeps_a_failed_batch_with_its_records(stage: Stage, name: str, events: Events) -> None:
    stage.deploy(name, FAIL_ON_BAD, Environment=events.environment)
    region = stage.context.region
    stage.client("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": region})
    arn = make_stream(stage, name)
    put(stage, name, "bad")

    uuid = map_stream(
        stage,
        arn,
        name,
        MaximumRetryAttempts=0,
        DestinationConfig={"OnFailure": {"Destination": f"arn:aws:s3:::{name}"}},
    )

    [entry] = eventually(lambda: stage.client("s3").list_objects_v2(Bucket=name).get("Contents"))
    notice = json.loads(stage.client("s3").get_object(Bucket=name, Key=entry["Key"])["Body"].read())
    moment = notice["timestamp"][:19].replace(":", ".")
    day, shard = moment[:10].replace("-", "/"), notice["KinesisBatchInfo"]["shardId"]
    assert entry["Key"].startswith(f"aws/lambda/{uuid}/{shard}/{day}/{moment}-")
    [record] = notice["payload"]["Records"]
    assert base64.b64decode(record["kinesis"]["data"]) == b"bad"


def test_a_failing_batch_is_split_until_the_bad_record_is_alone(
    stage: Stage, name: str, events: Events
) -> None:
    stage.deploy(name, FAIL_ON_BAD, Environment=events.environment)
    destination = stage.queue(f"{name}-destination")
    arn = make_stream(stage, name)
    put(stage, name, "a", "b", "bad", "c")

    map_stream(
        stage,
        arn,
        name,
        BisectBatchOnFunctionError=True,
        MaximumRetryAttempts=0,
        DestinationConfig={"OnFailure": {"Destination": destination.arn}},
    )

    [message] = eventually(destination.waiting)
    assert json.loads(message["Body"])["KinesisBatchInfo"]["batchSize"] == 1
    eventually(lambda: seen(events)[-1] == ["c"])
    assert seen(events) == [["a", "b", "bad", "c"], ["a", "b"], ["bad", "c"], ["bad"], ["c"]]


def test_a_reported_failure_is_where_the_next_attempt_begins(stage: Stage, name: str, events: Events) -> None:
    source = """
        import base64, json, os, pathlib
        def handler(event, context):
            here = pathlib.Path(os.environ["TARGET"])
            texts = [base64.b64decode(record["kinesis"]["data"]).decode() for record in event["Records"]]
            with (here / "seen").open("a") as seen:
                seen.write(json.dumps(texts) + "\\n")
            if "bad" in texts and not (here / "once").exists():
                (here / "once").touch()
                number = event["Records"][texts.index("bad")]["kinesis"]["sequenceNumber"]
                return {"batchItemFailures": [{"itemIdentifier": number}]}
    """
    stage.deploy(name, source, Environment=events.environment)
    arn = make_stream(stage, name)
    put(stage, name, "a", "b", "bad", "c")

    map_stream(stage, arn, name, FunctionResponseTypes=["ReportBatchItemFailures"])

    eventually(lambda: len(seen(events)) == 2)
    assert seen(events) == [["a", "b", "bad", "c"], ["bad", "c"]]


def test_filtered_records_are_skipped(stage: Stage, name: str, events: Events) -> None:
    stage.deploy(name, WRITE_EVENT, Environment=events.environment)
    arn = make_stream(stage, name)
    pattern = json.dumps({"data": {"kind": ["wanted"]}, "partitionKey": ["k"]})
    put(stage, name, '{"kind": "other"}', "no JSON", '{"kind": "wanted"}')

    map_stream(stage, arn, name, FilterCriteria={"Filters": [{"Pattern": pattern}]})

    assert eventually(lambda: texts(events)) == [['{"kind": "wanted"}']]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"EventSourceArn": "arn:aws:kinesis:eu-west-3:123456789012:stream/none"}, "Stream not found: arn:"),
        ({"EventSourceArn": "arn:aws:sqs:eu-west-3:123456789012:none"}, "The specified queue does not exist"),
        ({"BatchSize": 10_001}, "Member must have value between 1 and 10000"),
        ({"StartingPosition": "SOON"}, "at 'startingPosition' failed to satisfy constraint"),
        ({"FunctionName": "nobody"}, "Function not found"),
    ],
)
def test_mappings_are_refused_and_leave_nothing(
    stage: Stage, name: str, settings: dict[str, Any], message: str
) -> None:
    stage.deploy(name, WRITE_EVENT)
    defaults = {
        "EventSourceArn": make_stream(stage, name),
        "FunctionName": name,
        "StartingPosition": "LATEST",
    }

    with pytest.raises(ClientError, match=message):
        stage.client("lambda").create_event_source_mapping(**(defaults | settings))

    assert stage.client("lambda").list_event_source_mappings(FunctionName=name)["EventSourceMappings"] == []
