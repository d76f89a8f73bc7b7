"""A message of a topic that can't be delivered goes to the subscription's dead letter queue."""

from __future__ import annotations

import json

import pytest

from .deployment import Stage


@pytest.mark.parametrize("lost", ["missing", "not admitting"])
def test_what_a_queue_does_not_get_goes_to_the_dead_letters(stage: Stage, name: str, lost: str) -> None:
    sns = stage.client("sns")
    topic = sns.create_topic(Name=name)["TopicArn"]
    queue, dead_letters = stage.queue(name), stage.queue(f"{name}-dead")
    stage.admit("sns", dead_letters.arn)
    policy = json.dumps({"deadLetterTargetArn": dead_letters.arn})
    attributes = {"RedrivePolicy": policy, "RawMessageDelivery": "true"}
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue.arn, Attributes=attributes)
    if lost == "missing":
        stage.client("sqs").delete_queue(QueueUrl=queue.url)

    sns.publish(TopicArn=topic, Message="m")

    assert [message["Body"] for message in dead_letters.waiting()] == ["m"]


def test_what_a_queue_gets_is_no_dead_letter(stage: Stage, name: str) -> None:
    sns = stage.client("sns")
    topic = sns.create_topic(Name=name)["TopicArn"]
    queue, dead_letters = stage.queue(name), stage.queue(f"{name}-dead")
    stage.admit("sns", queue.arn)
    policy = json.dumps({"deadLetterTargetArn": dead_letters.arn})
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue.arn, Attributes={"RedrivePolicy": policy})

    sns.publish(TopicArn=topic, Message="m")

    assert queue.size() == 1
    assert dead_letters.size() == 0
