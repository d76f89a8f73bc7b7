"""SQS messages in the shape in which Lambda hands them to a function.

Source: "Example Amazon SQS message event" in the Lambda developer guide.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

LARGEST_EVENT = 6 * 1024 * 1024
"""Bytes: an event can't be larger than the payload of a synchronous invocation."""
OVERHEAD = 2048
"""Bytes allowed for what a record holds besides its body and attributes."""


def record(message: Any, queue_arn: str) -> dict[str, Any]:
    """One record for moto's ``Message`` from the queue ``queue_arn``."""
    return {
        "messageId": message.id,
        "receiptHandle": message.receipt_handle,
        "body": message.body,
        "attributes": _system_attributes(message),
        "messageAttributes": {name: _attribute(value) for name, value in message.message_attributes.items()},
        "md5OfBody": message.body_md5,
        "eventSource": "aws:sqs",
        "eventSourceARN": queue_arn,
        "awsRegion": queue_arn.split(":")[3],
    }


def portions(records: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """``records`` in their order, divided so that each portion fits into one event."""
    portion: list[dict[str, Any]] = []
    size = 0
    for entry in records:
        entry_size = len(entry["body"].encode()) + len(str(entry["messageAttributes"]).encode()) + OVERHEAD
        if portion and size + entry_size > LARGEST_EVENT:
            yield portion
            portion, size = [], 0
        portion.append(entry)
        size += entry_size
    if portion:
        yield portion


def _system_attributes(message: Any) -> dict[str, str]:
    attributes = {
        "ApproximateReceiveCount": message.approximate_receive_count,
        "SentTimestamp": message.sent_timestamp,
        "SenderId": message.sender_id,
        "ApproximateFirstReceiveTimestamp": message.approximate_first_receive_timestamp,
        "MessageGroupId": message.group_id,
        "MessageDeduplicationId": message.deduplication_id,
        "SequenceNumber": message.sequence_number,
        "AWSTraceHeader": (message.system_attributes.get("AWSTraceHeader") or {}).get("StringValue"),
    }
    return {name: str(value) for name, value in attributes.items() if value is not None}


def _attribute(value: dict[str, Any]) -> dict[str, Any]:
    attribute = {"dataType": value["DataType"], "stringListValues": [], "binaryListValues": []}
    if "StringValue" in value:
        attribute["stringValue"] = value["StringValue"]
    if "BinaryValue" in value:
        binary = value["BinaryValue"]
        attribute["binaryValue"] = base64.b64encode(binary).decode() if isinstance(binary, bytes) else binary
    return attribute
