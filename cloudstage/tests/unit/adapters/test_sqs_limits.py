"""SQS has the limits that it has on AWS."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudstage.adapters import sqs_limits

from .gaps import Adapted, with_and_without


@pytest.fixture
def sqs(client: Callable[[str], Any]) -> Any:
    """A client of SQS."""
    return client("sqs")


def queue(sqs: Any) -> str:
    return str(sqs.create_queue(QueueName="q", Attributes={"MaximumMessageSize": "1024"})["QueueUrl"])


@with_and_without(sqs_limits.messages_are_measured)
def test_a_message_is_as_long_as_its_bytes_and_its_attributes(sqs: Any, adapted: Adapted) -> None:
    url, attributes = queue(sqs), {"k": {"DataType": "String", "StringValue": "x"}}
    with adapted:
        sqs.send_message(QueueUrl=url, MessageBody="a" * 1016, MessageAttributes=attributes)
        for body in ("a" * 1017, "ü" * 512):
            with pytest.raises(ClientError, match="Message must be shorter than 1024 bytes"):
                sqs.send_message(QueueUrl=url, MessageBody=body, MessageAttributes=attributes)
        with pytest.raises(ClientError, match="must contain the parameter MessageBody"):
            sqs.send_message(QueueUrl=url, MessageBody="")


@with_and_without(sqs_limits.messages_are_measured)
def test_a_message_that_is_too_long_fails_alone(sqs: Any, adapted: Adapted) -> None:
    url = queue(sqs)
    entries = [{"Id": "1", "MessageBody": "a" * 1024}, {"Id": "2", "MessageBody": "a" * 1025}]
    with adapted:
        sent = sqs.send_message_batch(QueueUrl=url, Entries=entries)
    assert [entry["Id"] for entry in sent["Successful"]] == ["1"]
    assert [(entry["Id"], entry["Code"]) for entry in sent["Failed"]] == [("2", "InvalidParameterValue")]


@with_and_without(sqs_limits.all_batches_have_limits)
def test_a_batch_has_ten_entries_with_legal_ids(sqs: Any, adapted: Adapted) -> None:
    url = queue(sqs)
    with adapted:
        for ids, problem in (([str(n) for n in range(11)], "You have sent 11"), (["a:b"], "alphanumeric")):
            entries = [{"Id": each, "ReceiptHandle": each} for each in ids]
            with pytest.raises(ClientError, match=problem):
                sqs.delete_message_batch(QueueUrl=url, Entries=entries)
            for entry in entries:
                entry["VisibilityTimeout"] = 1  # type: ignore[assignment]
            with pytest.raises(ClientError, match=problem):
                sqs.change_message_visibility_batch(QueueUrl=url, Entries=entries)
