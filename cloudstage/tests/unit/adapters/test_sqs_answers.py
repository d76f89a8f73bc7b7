"""SQS answers as on AWS."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudstage.adapters import sqs_answers

from .gaps import Adapted, with_and_without


@pytest.fixture
def sqs(client: Callable[[str], Any]) -> Any:
    """A client of SQS."""
    return client("sqs")


def received(sqs: Any, url: str, **options: Any) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = sqs.receive_message(QueueUrl=url, **options).get("Messages", [])
    return messages


@with_and_without(sqs_answers.receipts_of_fifo_queues_expire)
def test_a_late_consumer_of_a_fifo_queue_deletes_nothing(sqs: Any, adapted: Adapted) -> None:
    attributes = {"FifoQueue": "true", "ContentBasedDeduplication": "true"}
    url = sqs.create_queue(QueueName="q.fifo", Attributes=attributes)["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="m", MessageGroupId="g")
    with adapted:
        [late] = received(sqs, url, VisibilityTimeout=1)
        time.sleep(1.01)
        with pytest.raises(ClientError, match="The receipt handle has expired"):
            sqs.delete_message(QueueUrl=url, ReceiptHandle=late["ReceiptHandle"])
        batch = sqs.delete_message_batch(
            QueueUrl=url, Entries=[{"Id": "1", "ReceiptHandle": late["ReceiptHandle"]}]
        )
        assert [entry["Id"] for entry in batch["Failed"]] == ["1"]
        [message] = received(sqs, url)
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


@with_and_without(sqs_answers.dead_letters_name_their_source)
def test_a_dead_letter_names_its_source(sqs: Any, adapted: Adapted) -> None:
    dead = sqs.create_queue(QueueName="dead")["QueueUrl"]
    arn = "arn:aws:sqs:eu-central-1:123456789012:"
    policy = json.dumps({"deadLetterTargetArn": f"{arn}dead", "maxReceiveCount": 1})
    url = sqs.create_queue(QueueName="q", Attributes={"RedrivePolicy": policy})["QueueUrl"]
    with adapted, _redriving():
        sqs.send_message(QueueUrl=url, MessageBody="m")
        received(sqs, url, VisibilityTimeout=0)
        received(sqs, url, VisibilityTimeout=0)
        [message] = received(sqs, dead, AttributeNames=["All"])
    assert message["Attributes"]["DeadLetterQueueSourceArn"] == f"{arn}q"


def _redriving() -> Adapted:
    """The adapter that moves dead letters."""
    from cloudstage.adapters.registry import applied
    from cloudstage.adapters.sqs import groups_stay_in_order

    return applied(groups_stay_in_order)


@with_and_without(sqs_answers.nothing_empty_is_answered)
def test_empty_members_are_left_out(sqs: Any, adapted: Adapted) -> None:
    url = sqs.create_queue(QueueName="q")["QueueUrl"]
    with adapted:
        sent = sqs.send_message_batch(QueueUrl=url, Entries=[{"Id": "1", "MessageBody": "m"}])
        tags = sqs.list_queue_tags(QueueUrl=url)
    assert "Failed" not in sent
    assert "Tags" not in tags


@with_and_without(sqs_answers.invalid_values_have_their_names)
def test_an_invalid_value_is_named_as_its_exception(sqs: Any, adapted: Adapted) -> None:
    url = sqs.create_queue(QueueName="q")["QueueUrl"]
    with adapted, pytest.raises(ClientError) as refused:
        received(sqs, url, MaxNumberOfMessages=11)
    error = refused.value.response["Error"]
    assert error["Code"] == "InvalidParameterValue"
    assert error["QueryErrorCode"] == "InvalidParameterValueException"
    assert error["Message"].startswith("Value 11 for parameter MaxNumberOfMessages is invalid.")
