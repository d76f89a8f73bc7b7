"""What subscribers of a topic get, with moto as it is and with the adapters."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from cloudstage import adapters
from cloudstage.adapters import sns, sns_envelope, sns_fifo
from cloudstage.adapters.registry import applied

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


@pytest.fixture
def fifo(client: Callable[[str], Any]) -> tuple[Any, str]:
    """SNS, and a FIFO topic with a FIFO queue that does not deduplicate by content and a standard queue."""
    client("sqs").create_queue(QueueName="queue.fifo", Attributes={"FifoQueue": "true"})
    client("sqs").create_queue(QueueName="standard")
    attributes = {"FifoTopic": "true", "ContentBasedDeduplication": "true"}
    topic = client("sns").create_topic(Name="topic.fifo", Attributes=attributes)["TopicArn"]
    for queue in ("queue.fifo", "standard"):
        client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=f"{ARN}{queue}")
    return client("sns"), str(topic)


@with_and_without(sns_fifo.fifo_topics_deliver_once)
def test_a_fifo_topic_delivers_once_and_numbers_its_messages(
    fifo: tuple[Any, str], client: Callable[[str], Any], adapted: Adapted
) -> None:
    topics, topic = fifo
    with adapted:
        published = [
            topics.publish(TopicArn=topic, Message=message, MessageGroupId="g") for message in ("a", "a", "b")
        ]

    for queue in ("queue.fifo", "standard"):
        url = client("sqs").get_queue_url(QueueName=queue)["QueueUrl"]
        messages = client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10, AttributeNames=["All"])
        bodies = [json.loads(message["Body"]) for message in messages["Messages"]]
        assert [body["Message"] for body in bodies] == ["a", "b"]
        assert [body["SequenceNumber"] for body in bodies] == [
            published[0]["SequenceNumber"],
            published[2]["SequenceNumber"],
        ]
        grouped = ["MessageGroupId" in message["Attributes"] for message in messages["Messages"]]
        assert all(grouped) if queue == "queue.fifo" else not any(grouped)
    assert published[0]["MessageId"] == published[1]["MessageId"]


@with_and_without(sns_fifo.batches_are_numbered)
def test_a_batch_to_a_fifo_topic_is_numbered(fifo: tuple[Any, str], adapted: Adapted) -> None:
    topics, topic = fifo
    entries = [
        {"Id": str(number), "Message": text, "MessageGroupId": "g"} for number, text in enumerate("aba")
    ]
    with applied(sns_fifo.fifo_topics_deliver_once), adapted:
        published = topics.publish_batch(TopicArn=topic, PublishBatchRequestEntries=entries)["Successful"]
    first, second, again = (entry["SequenceNumber"] for entry in published)
    assert first < second
    assert again == first


def test_with_all_adapters_an_envelope_of_a_fifo_topic_is_numbered_and_not_signed(
    fifo: tuple[Any, str], client: Callable[[str], Any]
) -> None:
    topics, topic = fifo
    with ExitStack() as stack:
        for close_gap in adapters.load().values():
            stack.enter_context(applied(close_gap))
        topics.publish(TopicArn=topic, Message="a", MessageGroupId="g")
    url = client("sqs").get_queue_url(QueueName="standard")["QueueUrl"]
    [message] = client("sqs").receive_message(QueueUrl=url)["Messages"]
    envelope = json.loads(message["Body"])
    assert envelope["SequenceNumber"]
    assert not [name for name in envelope if name.startswith("Sign")]


@with_and_without(sns_envelope.envelopes_are_signed_as_a_whole)
def test_a_message_can_be_verified(subscribed: Subscribed, adapted: Adapted) -> None:
    subscribed.subscribe()
    subscription = subscribed.sns.list_subscriptions()["Subscriptions"][0]["SubscriptionArn"]
    with adapted:
        subscribed.sns.publish(TopicArn=subscribed.topic, Message="m", Subject="s")

    envelope = json.loads(subscribed.received()[0])
    signed = "".join(f"{name}\n{envelope[name]}\n" for name in sns_envelope.SIGNED)
    certificate = x509.load_pem_x509_certificate(requests.get(envelope["SigningCertURL"], timeout=5).content)
    key = certificate.public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    key.verify(
        base64.b64decode(envelope["Signature"]),
        signed.encode(),
        padding.PKCS1v15(),
        sns_envelope.HASHES[envelope["SignatureVersion"]],
    )
    assert envelope["UnsubscribeURL"].endswith(f"SubscriptionArn={subscription}")
