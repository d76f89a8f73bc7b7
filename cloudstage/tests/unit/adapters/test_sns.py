"""What subscribers of a topic get, with moto as it is and with the adapters."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from cloudstage.adapters import sns

from .gaps import Adapted, with_and_without

ARN = "arn:aws:sqs:eu-central-1:123456789012:"


class Subscribed:
    """The topic `topic`, and the queue `queue` with a subscription to it."""

    def __init__(self, client: Callable[[str], Any]) -> None:
        self.sns, self.sqs = client("sns"), client("sqs")
        self.topic = self.sns.create_topic(Name="topic")["TopicArn"]
        self.sqs.create_queue(QueueName="queue")

    def subscribe(self, **attributes: str) -> None:
        self.sns.subscribe(TopicArn=self.topic, Protocol="sqs", Endpoint=f"{ARN}queue", Attributes=attributes)

    def received(self, queue: str = "queue") -> list[str]:
        url = self.sqs.get_queue_url(QueueName=queue)["QueueUrl"]
        messages = self.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        return [message["Body"] for message in messages]


@pytest.fixture
def subscribed(client: Callable[[str], Any]) -> Subscribed:
    return Subscribed(client)


@with_and_without(sns.filters_look_into_arrays)
def test_a_filter_matches_one_element_of_an_array(subscribed: Subscribed, adapted: Adapted) -> None:
    policy = {"Records": {"s3": {"object": {"key": [{"prefix": "raw/"}]}}, "eventName": ["Put"]}}
    subscribed.subscribe(
        RawMessageDelivery="true", FilterPolicyScope="MessageBody", FilterPolicy=json.dumps(policy)
    )

    def record(name: str, key: str) -> dict[str, Any]:
        return {"eventName": name, "s3": {"object": {"key": key}}}

    wanted = json.dumps({"Records": [{"eventName": "Put"}, record("Put", "raw/a")]})
    other = json.dumps({"Records": [record("Put", "a"), record("Delete", "raw/a")]})
    with adapted:
        for message in (wanted, other):
            subscribed.sns.publish(TopicArn=subscribed.topic, Message=message)
    assert subscribed.received() == [wanted]
