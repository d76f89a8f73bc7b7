"""What SQS queues do, with moto as it is and with the adapters."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from moto.sqs.models import Message, SQSBackend, sqs_backends

from cloudstage.adapters import sqs

from .gaps import Adapted, with_and_without


@pytest.fixture
def backend() -> Iterator[SQSBackend]:
    backend = sqs_backends["123456789012"]["eu-central-1"]
    backend.create_queue("adapted")
    yield backend
    backend.delete_queue("adapted")


@with_and_without(sqs.operations_on_a_queue_exclude_each_other)
def test_what_happens_during_a_deletion_is_not_undone(
    backend: SQSBackend, adapted: Adapted, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another consumer deletes and sends in the middle of the deletion, or has to wait for its end."""
    for body in ("first", "second"):
        backend.send_message("adapted", body)
    handles = [str(message.receipt_handle) for message in backend.receive_message("adapted", 2, 0, 30)]
    queue = backend.get_queue("adapted")
    looks = itertools.count(1)
    is_it_the_one = Message.had_receipt_handle

    def delete_and_send() -> None:
        queue.delete_message(handles[1])
        backend.send_message("adapted", "third")

    other = threading.Thread(target=delete_and_send)

    def interrupted(message: Message, receipt_handle: str) -> bool:
        # The first look at the messages is a check, the second one decides what the new list holds.
        if receipt_handle == handles[0] and next(looks) == 2:
            other.start()
            other.join(timeout=0.2)
        return is_it_the_one(message, receipt_handle)

    monkeypatch.setattr(Message, "had_receipt_handle", interrupted)
    with adapted:
        queue.delete_message(handles[0])
        other.join()

    assert [message.body for message in queue._messages] == ["third"]


@with_and_without(sqs.expired_messages_are_gone)
def test_an_expired_message_does_not_hold_up_the_others(backend: SQSBackend, adapted: Adapted) -> None:
    backend.set_queue_attributes("adapted", {"MessageRetentionPeriod": 60})
    old: Any = backend.send_message("adapted", "old")
    backend.send_message("adapted", "young")
    old.sent_timestamp -= 61_000
    with adapted:
        received = backend.receive_message("adapted", 10, 0, 30)

    assert [message.body for message in received] == ["young"]
    assert [message.body for message in backend.get_queue("adapted")._messages] == ["young"]


@pytest.fixture
def fifo() -> Iterator[SQSBackend]:
    """A backend with the queue `ordered.fifo`."""
    backend = sqs_backends["123456789012"]["eu-central-1"]
    backend.create_queue("ordered.fifo", FifoQueue="true")
    yield backend
    backend.delete_queue("ordered.fifo")


def send_in_groups(backend: SQSBackend, *bodies: str) -> None:
    """The first letter of a body is its group."""
    for body in bodies:
        backend.send_message("ordered.fifo", body, deduplication_id=body, group_id=body[0])


def bodies_received(backend: SQSBackend, count: int) -> list[str]:
    return [message.body for message in backend.receive_message("ordered.fifo", count, 0, 30)]


def release(backend: SQSBackend, *bodies: str) -> None:
    """Make messages visible, as when their visibility timeout is over."""
    for message in backend.get_queue("ordered.fifo")._messages:
        if message.body in bodies:
            message.visible_at = 0.0


@with_and_without(sqs.groups_stay_in_order)
def test_what_was_not_deleted_in_time_comes_again_in_order(fifo: SQSBackend, adapted: Adapted) -> None:
    send_in_groups(fifo, "a1", "a2", "a3", "b1")
    with adapted:
        assert bodies_received(fifo, 2) == ["a1", "a2"]
        assert bodies_received(fifo, 10) == ["b1"]
        release(fifo, "a1", "a2")
        assert bodies_received(fifo, 10) == ["a1", "a2", "a3"]


@with_and_without(sqs.groups_stay_in_order)
def test_a_message_in_flight_holds_up_those_behind_it(fifo: SQSBackend, adapted: Adapted) -> None:
    send_in_groups(fifo, "a1", "a2", "a3")
    with adapted:
        assert bodies_received(fifo, 10) == ["a1", "a2", "a3"]
        release(fifo, "a1", "a3")
        assert bodies_received(fifo, 10) == ["a1"]


@with_and_without(sqs.groups_stay_in_order)
def test_groups_take_turns(fifo: SQSBackend, adapted: Adapted) -> None:
    send_in_groups(fifo, "a1", "b1", "a2", "c1")
    with adapted:
        assert bodies_received(fifo, 3) == ["a1", "a2", "b1"]
        release(fifo, "a1", "a2", "b1")
        assert bodies_received(fifo, 10) == ["c1", "a1", "a2", "b1"]


@with_and_without(sqs.binary_attributes_are_bytes)
def test_a_binary_attribute_of_a_topic_is_received(client: Callable[[str], Any], adapted: Adapted) -> None:
    sns, queues = client("sns"), client("sqs")
    topic = sns.create_topic(Name="binary")["TopicArn"]
    url = queues.create_queue(QueueName="binary")["QueueUrl"]
    arn = "arn:aws:sqs:eu-central-1:123456789012:binary"
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes={"RawMessageDelivery": "true"})
    attributes = {"raw": {"DataType": "Binary", "BinaryValue": b"\x00\xff"}}
    with adapted:
        sns.publish(TopicArn=topic, Message="m", MessageAttributes=attributes)
        message = queues.receive_message(QueueUrl=url, MessageAttributeNames=["All"])["Messages"][0]
    assert message["MessageAttributes"]["raw"]["BinaryValue"] == b"\x00\xff"
