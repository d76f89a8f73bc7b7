"""Messages of a queue reach the mapped function, and none is lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudstage.awslambda.event_sources import queue_poller

from .deadline import eventually
from .deployment import Queue, Stage
from .events import WRITE_EVENT, Events

FAIL = "def handler(event, context): raise ValueError('no')"


@pytest.fixture(autouse=True)
def _quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue_poller, "RETRY_AFTER_SECONDS", 0)


def map_queue(stage: Stage, queue: Queue, function: str, **settings: Any) -> str:
    created = stage.client("lambda").create_event_source_mapping(
        EventSourceArn=queue.arn, FunctionName=function, **settings
    )
    return str(created["UUID"])


def test_a_message_reaches_the_function_once_and_leaves_the_queue(
    stage: Stage, name: str, events: Events
) -> None:
    stage.deploy(name, WRITE_EVENT, Environment=events.environment)
    queue = stage.queue(name)
    map_queue(stage, queue, name)
    attributes = {"colour": {"DataType": "String", "StringValue": "red"}}

    [message_id] = queue.send("hello", MessageAttributes=attributes)

    eventually(events.all)
    eventually(lambda: queue.size() == 0)
    [event] = events.all()
    [record] = event["Records"]
    assert record.pop("receiptHandle")
    system_attributes = record.pop("attributes")
    assert system_attributes["ApproximateReceiveCount"] == "1"
    assert {"SentTimestamp", "SenderId", "ApproximateFirstReceiveTimestamp"} < system_attributes.keys()
    assert record == {
        "messageId": message_id,
        "body": "hello",
        "md5OfBody": "5d41402abc4b2a76b9719d911017c592",
        "md5OfMessageAttributes": "0410de28095c8c9ede883953e14dac6c",
        "messageAttributes": {
            "colour": {
                "stringValue": "red",
                "stringListValues": [],
                "binaryListValues": [],
                "dataType": "String",
            }
        },
        "eventSource": "aws:sqs",
        "eventSourceARN": queue.arn,
        "awsRegion": stage.context.region,
    }


def test_messages_sent_before_the_mapping_are_handled_in_batches_of_its_size(
    stage: Stage, name: str, events: Events
) -> None:
    stage.deploy(name, WRITE_EVENT, Environment=events.environment)
    queue = stage.queue(name)
    queue.send(*"abcdefg")

    map_queue(stage, queue, name, BatchSize=3)

    eventually(lambda: queue.size() == 0)
    assert sorted(len(event["Records"]) for event in events.all()) == [1, 3, 3]
    assert sorted(events.bodies()) == list("abcdefg")


def test_a_batching_window_gathers_messages(stage: Stage, name: str, events: Events) -> None:
    stage.deploy(name, WRITE_EVENT, Environment=events.environment)
    queue = stage.queue(name)
    map_queue(stage, queue, name, BatchSize=3, MaximumBatchingWindowInSeconds=60)

    queue.send("a", "b", "c")

    eventually(lambda: queue.size() == 0)
    assert [len(event["Records"]) for event in events.all()] == [3]


def test_a_fifo_queue_keeps_its_order(stage: Stage, name: str, events: Events) -> None:
    stage.deploy(name, WRITE_EVENT, Environment=events.environment)
    queue = stage.queue(f"{name}.fifo", FifoQueue="true", ContentBasedDeduplication="true")
    map_queue(stage, queue, name, BatchSize=2)
    sent = [f"message {number}" for number in range(7)]

    queue.send(*sent, MessageGroupId="one")

    eventually(lambda: queue.size() == 0)
    assert events.bodies() == sent


def test_what_a_function_keeps_failing_on_goes_to_the_dead_letter_queue(stage: Stage, name: str) -> None:
    stage.deploy(name, FAIL)
    dead_letters = stage.queue(f"{name}-dead")
    redrive = json.dumps({"deadLetterTargetArn": dead_letters.arn, "maxReceiveCount": 3})
    queue = stage.queue(name, RedrivePolicy=redrive)
    map_queue(stage, queue, name)

    queue.send("poison")

    [message] = eventually(dead_letters.waiting)
    assert message["Body"] == "poison"
    assert queue.size() == 0
    assert sum(line.startswith("END") for line in stage.log(f"/aws/lambda/{name}")) == 3


def test_only_failed_messages_are_tried_again(stage: Stage, name: str, events: Events) -> None:
    """The second attempt succeeds: the function fails on each message once."""
    source = """
        import os, pathlib
        def handler(event, context):
            failures = []
            for record in event["Records"]:
                mark = pathlib.Path(os.environ["TARGET"], record["body"])
                if record["body"] == "bad" and not mark.exists():
                    failures.append({"itemIdentifier": record["messageId"]})
                with mark.open("a") as seen:
                    seen.write("x")
            return {"batchItemFailures": failures}
    """
    stage.deploy(name, source, Environment=events.environment)
    queue = stage.queue(name)
    queue.send("good", "bad", "fine")
    map_queue(stage, queue, name, FunctionResponseTypes=["ReportBatchItemFailures"])

    eventually(lambda: queue.size() == 0)

    target = Path(events.environment["Variables"]["TARGET"])
    seen = {path.name: len(path.read_text()) for path in target.iterdir()}
    assert seen == {"good": 1, "bad": 2, "fine": 1}


def test_without_report_batch_item_failures_the_response_is_ignored(stage: Stage, name: str) -> None:
    source = """
        def handler(event, context):
            return {"batchItemFailures": [{"itemIdentifier": r["messageId"]} for r in event["Records"]]}
    """
    stage.deploy(name, source)
    queue = stage.queue(name)
    map_queue(stage, queue, name)

    queue.send("a")

    eventually(lambda: queue.size() == 0)
    assert sum(line.startswith("END") for line in stage.log(f"/aws/lambda/{name}")) == 1


def test_filtered_messages_are_dropped(stage: Stage, name: str, events: Events) -> None:
    stage.deploy(name, WRITE_EVENT, Environment=events.environment)
    queue = stage.queue(name)
    pattern = json.dumps({"body": {"kind": ["wanted"]}})
    queue.send('{"kind": "wanted", "n": 1}', '{"kind": "other"}', "no JSON", '{"kind": "wanted", "n": 2}')

    map_queue(stage, queue, name, FilterCriteria={"Filters": [{"Pattern": pattern}]})

    eventually(lambda: queue.size() == 0)
    assert sorted(json.loads(body)["n"] for body in events.bodies()) == [1, 2]


def test_a_disabled_mapping_rests_until_it_is_enabled(stage: Stage, name: str, events: Events) -> None:
    stage.deploy(name, WRITE_EVENT, Environment=events.environment)
    queue = stage.queue(name)
    uuid = map_queue(stage, queue, name, Enabled=False)
    queue.send("a")
    assert [message["Body"] for message in queue.waiting()] == ["a"]
    assert stage.client("lambda").get_event_source_mapping(UUID=uuid)["State"] == "Disabled"

    stage.client("lambda").update_event_source_mapping(UUID=uuid, Enabled=True)

    eventually(lambda: queue.size() == 0)
    assert events.bodies() == ["a"]


def test_a_deleted_mapping_takes_no_more_messages(stage: Stage, name: str, events: Events) -> None:
    """A second mapping shows when the first would have taken the message."""
    stage.deploy(name, WRITE_EVENT, Environment=events.environment)
    deleted, other = stage.queue(name), stage.queue(f"{name}-other")
    stage.client("lambda").delete_event_source_mapping(UUID=map_queue(stage, deleted, name))
    map_queue(stage, other, name)

    deleted.send("left alone")
    other.send("taken")

    eventually(lambda: other.size() == 0)
    assert [message["Body"] for message in deleted.waiting()] == ["left alone"]
    assert events.bodies() == ["taken"]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"BatchSize": 11}, "Maximum batch window in seconds must be greater than 0"),
        ({}, "Queue visibility timeout: 30 seconds is less than Function timeout: 31 seconds"),
    ],
)
def test_mappings_are_refused_as_lambda_refuses_them(
    stage: Stage, name: str, settings: dict[str, Any], message: str
) -> None:
    stage.deploy(name, FAIL, Timeout=30 if settings else 31)

    with pytest.raises(ClientError, match=message):
        map_queue(stage, stage.queue(name), name, **settings)

    assert stage.client("lambda").list_event_source_mappings(FunctionName=name)["EventSourceMappings"] == []


def test_an_update_can_name_an_alias(stage: Stage, name: str) -> None:
    stage.deploy(name, "def handler(event, context): pass")
    functions = stage.client("lambda")
    functions.publish_version(FunctionName=name)
    alias = functions.create_alias(FunctionName=name, Name="live", FunctionVersion="1")["AliasArn"]
    uuid = map_queue(stage, stage.queue(name), name)

    updated = functions.update_event_source_mapping(UUID=uuid, FunctionName=alias)

    assert updated["FunctionArn"] == alias
    with pytest.raises(ClientError, match="between 1 and 10000"):
        functions.update_event_source_mapping(UUID=uuid, BatchSize=10_001)


def test_a_second_mapping_of_the_same_queue_and_function_is_refused(stage: Stage, name: str) -> None:
    stage.deploy(name, FAIL)
    queue = stage.queue(name)
    map_queue(stage, queue, name)

    with pytest.raises(ClientError, match="already exists"):
        map_queue(stage, queue, name)


def start_environment(stage: Stage, name: str) -> None:
    """Let no visibility timeout end while a process starts: the functions below fail on this event at once."""
    assert "FunctionError" in stage.invoke(name, {})


def test_a_failed_batch_comes_back_when_the_visibility_timeout_ends(
    stage: Stage, name: str, events: Events, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_poller, "RETRY_AFTER_SECONDS", None)
    source = """
        import os, pathlib, time
        def handler(event, context):
            first = event["Records"][0]
            pathlib.Path(os.environ["TARGET"], str(time.time())).touch()
            if first["attributes"]["ApproximateReceiveCount"] == "1":
                raise ValueError("once")
    """
    stage.deploy(name, source, Environment=events.environment)
    start_environment(stage, name)
    queue = stage.queue(name, VisibilityTimeout="5")
    map_queue(stage, queue, name)

    queue.send("a")

    eventually(lambda: queue.size() == 0, within_seconds=60)
    target = Path(events.environment["Variables"]["TARGET"])
    first, second = sorted(float(path.name) for path in target.iterdir())
    assert second - first > 3


def test_what_follows_a_failure_in_a_fifo_group_comes_back_with_it(
    stage: Stage, name: str, events: Events, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The function fails on the first of three messages, once; a message of another group is done with."""
    monkeypatch.setattr(queue_poller, "RETRY_AFTER_SECONDS", None)
    source = WRITE_EVENT.replace(
        "def handler(event, context):",
        """def handler(event, context):
        first = event["Records"][0]
        write(event, context)
        if first["attributes"]["ApproximateReceiveCount"] == "1":
            return {"batchItemFailures": [{"itemIdentifier": first["messageId"]}]}
    def write(event, context):""",
    )
    stage.deploy(name, source, Environment=events.environment)
    start_environment(stage, name)
    queue = stage.queue(
        f"{name}.fifo", FifoQueue="true", ContentBasedDeduplication="true", VisibilityTimeout="5"
    )
    queue.send("one", "two", "three", MessageGroupId="a")
    queue.send("other", MessageGroupId="b")

    map_queue(stage, queue, name, FunctionResponseTypes=["ReportBatchItemFailures"])

    eventually(lambda: queue.size() == 0, within_seconds=60)
    assert [[record["body"] for record in event["Records"]] for event in events.all()] == [
        ["one", "two", "three", "other"],
        ["one", "two", "three"],
    ]
