"""Duplicates in FIFO queues, with moto as it is and with the adapter."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from cloudstage.adapters import sqs_deduplication

from .gaps import Adapted, with_and_without


@pytest.fixture
def sqs(client: Callable[[str], Any]) -> Any:
    return client("sqs")


def queue(sqs: Any, **attributes: str) -> str:
    url = sqs.create_queue(QueueName="once.fifo", Attributes={"FifoQueue": "true", **attributes})["QueueUrl"]
    return str(url)


def send(sqs: Any, url: str, identity: str, group: str = "g") -> Any:
    return sqs.send_message(
        QueueUrl=url, MessageBody="m", MessageGroupId=group, MessageDeduplicationId=identity
    )


def receive(sqs: Any, url: str) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get(
        "Messages", []
    )
    for message in messages:
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return messages


@with_and_without(sqs_deduplication.duplicates_are_remembered)
def test_a_duplicate_of_a_deleted_message_is_not_delivered(
    sqs: Any, adapted: Adapted, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1_800_000_000.0]
    monkeypatch.setattr(time, "time", lambda: now[0])
    url = queue(sqs)
    with adapted:
        first = send(sqs, url, "1")
        assert len(receive(sqs, url)) == 1
        now[0] += 299
        again = send(sqs, url, "1")
        assert receive(sqs, url) == []
        assert (again["MessageId"], again["SequenceNumber"]) == (first["MessageId"], first["SequenceNumber"])
        now[0] += 2
        send(sqs, url, "1")
        assert len(receive(sqs, url)) == 1


@with_and_without(sqs_deduplication.duplicates_are_remembered)
def test_sequence_numbers_grow(sqs: Any, adapted: Adapted) -> None:
    url = queue(sqs)
    with adapted:
        numbers = [send(sqs, url, str(identity))["SequenceNumber"] for identity in range(20)]
    assert numbers == sorted(numbers)
    assert {len(number) for number in numbers} == {20}


@with_and_without(sqs_deduplication.duplicates_are_remembered)
def test_the_scope_of_an_id_may_be_the_group(sqs: Any, adapted: Adapted) -> None:
    url = queue(sqs, DeduplicationScope="messageGroup", FifoThroughputLimit="perMessageGroupId")
    with adapted:
        for group in ("a", "b", "b"):
            send(sqs, url, "1", group)
        assert len(receive(sqs, url)) == 2


@with_and_without(sqs_deduplication.duplicates_are_remembered)
def test_a_purged_queue_has_no_duplicates_but_new_ones(sqs: Any, adapted: Adapted) -> None:
    url = queue(sqs)
    with adapted:
        number = send(sqs, url, "1")["SequenceNumber"]
        sqs.purge_queue(QueueUrl=url)
        assert send(sqs, url, "1")["SequenceNumber"] > number
        assert len(receive(sqs, url)) == 1
        assert send(sqs, url, "1")["SequenceNumber"] > number
        assert receive(sqs, url) == []


@with_and_without(sqs_deduplication.delays_are_those_of_the_queue)
def test_no_delay_is_the_delay_of_the_queue(sqs: Any, adapted: Adapted) -> None:
    url = queue(sqs, DelaySeconds="900", ContentBasedDeduplication="true")
    with adapted:
        sqs.send_message(QueueUrl=url, MessageBody="m", MessageGroupId="g", DelaySeconds=0)
    assert receive(sqs, url) == []
