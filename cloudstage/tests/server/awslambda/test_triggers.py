"""Buckets, topics and rules start functions and reach queues, and never wait for them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .deadline import eventually
from .deployment import Stage
from .events import WRITE_EVENT, Events


def announce(stage: Stage, bucket: str, configuration: dict[str, Any]) -> None:
    location = {"LocationConstraint": stage.context.region}
    stage.client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration=location)
    stage.client("s3").put_bucket_notification_configuration(
        Bucket=bucket, NotificationConfiguration=configuration
    )


def test_an_object_starts_a_function(stage: Stage, name: str, events: Events) -> None:
    arn = stage.deploy(name, WRITE_EVENT, Environment=events.environment)
    stage.admit("s3", arn)
    announce(
        stage,
        name,
        {"LambdaFunctionConfigurations": [{"LambdaFunctionArn": arn, "Events": ["s3:ObjectCreated:*"]}]},
    )

    stage.client("s3").put_object(Bucket=name, Key="signals/a.csv", Body=b"1234")

    [event] = eventually(events.all)
    [record] = event["Records"]
    assert record["eventName"] == "ObjectCreated:Put"
    assert record["s3"]["bucket"]["name"] == name
    assert record["s3"]["object"]["size"] == 4


def test_putting_an_object_does_not_wait_for_its_function(stage: Stage, name: str, tmp_path: Path) -> None:
    """The function ends only once the put has returned."""
    source = """
        import os, pathlib, time
        def handler(event, context):
            while not pathlib.Path(os.environ["TARGET"], "returned").exists():
                time.sleep(0.005)
            pathlib.Path(os.environ["TARGET"], "ended").touch()
    """
    arn = stage.deploy(name, source, Timeout=20, Environment={"Variables": {"TARGET": str(tmp_path)}})
    stage.admit("s3", arn)
    announce(
        stage,
        name,
        {"LambdaFunctionConfigurations": [{"LambdaFunctionArn": arn, "Events": ["s3:ObjectCreated:*"]}]},
    )

    stage.client("s3").put_object(Bucket=name, Key="a", Body=b"")
    (tmp_path / "returned").touch()

    eventually((tmp_path / "ended").exists)


def test_an_object_can_be_put_when_nobody_can_be_told(stage: Stage, name: str) -> None:
    arn = stage.deploy(name, WRITE_EVENT)
    stage.admit("s3", arn)
    announce(
        stage,
        name,
        {"LambdaFunctionConfigurations": [{"LambdaFunctionArn": arn, "Events": ["s3:ObjectCreated:*"]}]},
    )
    stage.client("lambda").delete_function(FunctionName=name)

    stage.client("s3").put_object(Bucket=name, Key="a", Body=b"")

    assert stage.client("s3").get_object(Bucket=name, Key="a")["Body"].read() == b""


@pytest.mark.parametrize("kind", ["Queue", "Topic", "LambdaFunction"])
def test_s3_refuses_a_destination_that_does_not_admit_it(stage: Stage, name: str, kind: str) -> None:
    destinations = {
        "Queue": stage.queue(name).arn,
        "Topic": stage.client("sns").create_topic(Name=name)["TopicArn"],
        "LambdaFunction": stage.deploy(name, WRITE_EVENT),
    }
    destination = {f"{kind}Arn": destinations[kind], "Events": ["s3:ObjectCreated:*"]}

    with pytest.raises(ClientError, match="Unable to validate the following destination configurations"):
        announce(stage, name, {f"{kind}Configurations": [destination]})


def test_a_caller_may_answer_for_the_destinations(stage: Stage, name: str) -> None:
    queue = stage.queue(name)
    location = {"LocationConstraint": stage.context.region}
    stage.client("s3").create_bucket(Bucket=name, CreateBucketConfiguration=location)
    stage.client("s3").put_bucket_notification_configuration(
        Bucket=name,
        NotificationConfiguration={
            "QueueConfigurations": [{"QueueArn": queue.arn, "Events": ["s3:ObjectCreated:*"]}]
        },
        SkipDestinationValidation=True,
    )


def test_an_object_reaches_a_function_through_a_topic_and_a_queue(
    stage: Stage, name: str, events: Events
) -> None:
    """The way of the raw zone: S3 → SNS → SQS → Lambda."""
    stage.deploy(name, WRITE_EVENT, Environment=events.environment)
    topic = stage.client("sns").create_topic(Name=name)["TopicArn"]
    queue = stage.queue(name)
    stage.client("sns").subscribe(
        TopicArn=topic, Protocol="sqs", Endpoint=queue.arn, Attributes={"RawMessageDelivery": "true"}
    )
    stage.client("lambda").create_event_source_mapping(EventSourceArn=queue.arn, FunctionName=name)
    stage.admit("sns", queue.arn)
    stage.admit("s3", topic)
    announce(stage, name, {"TopicConfigurations": [{"TopicArn": topic, "Events": ["s3:ObjectCreated:*"]}]})

    stage.client("s3").put_object(Bucket=name, Key="signals/a b.csv", Body=b"1234")

    def announced() -> list[str]:
        bodies = [json.loads(body) for body in events.bodies()]
        return [body["Records"][0]["eventName"] for body in bodies if "Records" in body]

    assert eventually(announced) == ["ObjectCreated:Put"]


def test_a_message_of_a_topic_starts_a_function(stage: Stage, name: str, events: Events) -> None:
    arn = stage.deploy(name, WRITE_EVENT, Environment=events.environment)
    stage.admit("sns", arn)
    sns = stage.client("sns")
    topic = sns.create_topic(Name=name)["TopicArn"]
    subscription = sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=arn, ReturnSubscriptionArn=True)
    attributes = {"colour": {"DataType": "String", "StringValue": "red"}}

    message_id = sns.publish(TopicArn=topic, Subject="s", Message="m", MessageAttributes=attributes)[
        "MessageId"
    ]

    [event] = eventually(events.all)
    [record] = event["Records"]
    assert record["EventSubscriptionArn"] == subscription["SubscriptionArn"]
    assert record["Sns"].pop("Timestamp").endswith("Z")
    assert record["Sns"].pop("Signature")
    assert record["Sns"].pop("SigningCertUrl").endswith(".pem")
    assert record["Sns"].pop("UnsubscribeUrl").endswith(f"SubscriptionArn={record['EventSubscriptionArn']}")
    assert record["Sns"] == {
        "Type": "Notification",
        "MessageId": message_id,
        "TopicArn": topic,
        "Subject": "s",
        "Message": "m",
        "SignatureVersion": "1",
        "MessageAttributes": {"colour": {"Type": "String", "Value": "red"}},
    }


def test_a_subscriber_that_is_gone_keeps_nothing_from_the_others(stage: Stage, name: str) -> None:
    sns = stage.client("sns")
    topic = sns.create_topic(Name=name)["TopicArn"]
    gone, there = stage.queue(f"{name}-gone"), stage.queue(name)
    for queue in (gone, there):
        stage.admit("sns", queue.arn)
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue.arn)
    stage.client("sqs").delete_queue(QueueUrl=gone.url)

    sns.publish(TopicArn=topic, Message="m")

    [message] = there.waiting()
    assert json.loads(message["Body"])["Message"] == "m"


def test_a_failed_glue_job_reaches_function_queue_and_topic(stage: Stage, name: str, events: Events) -> None:
    function = stage.deploy(name, WRITE_EVENT, Environment=events.environment)
    topic = stage.client("sns").create_topic(Name=name)["TopicArn"]
    queue, told = stage.queue(name), stage.queue(f"{name}-told")
    attributes = {"RawMessageDelivery": "true"}
    stage.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=told.arn, Attributes=attributes)
    stage.admit("sns", told.arn)
    for arn in (function, queue.arn, topic):
        stage.admit("events", arn)
    pattern = {
        "source": ["aws.glue"],
        "detail-type": ["Glue Job State Change"],
        "detail": {"jobName": [name], "state": ["FAILED", "TIMEOUT"]},
    }
    transformer = {
        "InputPathsMap": {"job": "$.detail.jobName", "why": "$.detail.message"},
        "InputTemplate": '"The job <job> failed: <why>"',
    }
    client = stage.client("events")
    client.put_rule(Name=name, EventPattern=json.dumps(pattern))
    client.put_targets(
        Rule=name,
        Targets=[
            {"Id": "function", "Arn": function},
            {"Id": "queue", "Arn": queue.arn},
            {"Id": "topic", "Arn": topic, "InputTransformer": transformer},
        ],
    )

    for state in ("SUCCEEDED", "FAILED"):
        detail = {"jobName": name, "state": state, "message": 'no "file"'}
        entry = {"Source": "aws.glue", "DetailType": "Glue Job State Change", "Detail": json.dumps(detail)}
        assert client.put_events(Entries=[entry])["FailedEntryCount"] == 0

    [event] = eventually(events.all)
    assert event["detail"] == {"jobName": name, "state": "FAILED", "message": 'no "file"'}
    assert event["account"] == stage.context.account_id
    assert event["time"].endswith("Z")
    assert [json.loads(message["Body"]) for message in queue.waiting()] == [event]
    assert [message["Body"] for message in told.waiting()] == [f'"The job {name} failed: no \\"file\\""']


def test_disabled_rules_and_schedules_take_no_events(stage: Stage, name: str) -> None:
    client = stage.client("events")
    queue = stage.queue(name)
    stage.admit("events", queue.arn)
    client.put_rule(Name=f"{name}-off", EventPattern='{"source": ["test"]}', State="DISABLED")
    client.put_rule(Name=f"{name}-schedule", ScheduleExpression="rate(1 day)")
    client.put_rule(Name=f"{name}-on", EventPattern='{"source": ["test"]}')
    for kind in ("off", "schedule", "on"):
        target = {"Id": "queue", "Arn": queue.arn, "Input": json.dumps(kind)}
        client.put_targets(Rule=f"{name}-{kind}", Targets=[target])

    client.put_events(Entries=[{"Source": "test", "DetailType": "t", "Detail": '{"n": 1}'}])

    assert [message["Body"] for message in queue.waiting()] == ['"on"']


def test_an_object_is_announced_on_the_event_bus(stage: Stage, name: str) -> None:
    queue = stage.queue(name)
    stage.admit("events", queue.arn)
    pattern = {"source": ["aws.s3"], "detail": {"bucket": {"name": [name]}}}
    stage.client("events").put_rule(Name=name, EventPattern=json.dumps(pattern))
    stage.client("events").put_targets(Rule=name, Targets=[{"Id": "queue", "Arn": queue.arn}])
    announce(stage, name, {"EventBridgeConfiguration": {}})

    stage.client("s3").put_object(Bucket=name, Key="a/b c", Body=b"12")

    [message] = queue.waiting()
    event = json.loads(message["Body"])
    assert event["detail-type"] == "Object Created"
    assert event["detail"]["object"]["key"] == "a/b c"


def test_nothing_is_delivered_to_who_does_not_admit_the_sender(stage: Stage, name: str) -> None:
    """The queue that admits both shows when the other would have got its messages."""
    closed, open_ = stage.queue(f"{name}-closed"), stage.queue(name)
    topic = stage.client("sns").create_topic(Name=name)["TopicArn"]
    rule = stage.client("events")
    rule.put_rule(Name=name, EventPattern=json.dumps({"source": [name]}))
    stage.admit("events", topic)
    statements = [
        {"Effect": "Allow", "Principal": {"Service": f"{service}.amazonaws.com"}, "Action": "sqs:SendMessage"}
        for service in ("sns", "events")
    ]
    policy = json.dumps({"Statement": statements})
    stage.client("sqs").set_queue_attributes(QueueUrl=open_.url, Attributes={"Policy": policy})
    for queue in (closed, open_):
        stage.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue.arn)
        rule.put_targets(Rule=name, Targets=[{"Id": queue.arn[-10:], "Arn": queue.arn}])

    rule.put_events(Entries=[{"Source": name, "DetailType": "t", "Detail": '{"n": 1}'}])
    stage.client("sns").publish(TopicArn=topic, Message="m")

    assert len(open_.waiting()) == 2
    assert closed.waiting() == []
