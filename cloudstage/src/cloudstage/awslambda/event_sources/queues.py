"""SQS queues as event sources: receive and delete, the records, and word of new messages.

Source: "Using Lambda with Amazon SQS" in the Lambda developer guide.
"""

from __future__ import annotations

import base64
import threading
import time
from collections.abc import Callable, Collection, Iterator
from typing import Any

from cloudstage.patching import Patch

LONGEST_WINDOW_SECONDS = 1.0
"""What is left of MaximumBatchingWindowInSeconds: here somebody is watching."""
LONGEST_PAUSE = 20.0
"""Seconds after which a poller looks again when a message is visible and yet can't be received."""


class SourceQueue:
    """Receives, deletes and releases messages of one queue; a queue that does not exist is an empty one."""

    def __init__(self, arn: str) -> None:
        self.arn = arn
        self._region, self._account_id, self._name = arn.split(":")[3:6]

    def receive(self, count: int) -> list[Any]:
        """Up to ``count`` of moto's ``Message`` objects; they are invisible for the visibility timeout."""
        queue = self._queue()
        if queue is None or not queue.messages:
            return []
        # moto 5.2.5 notices one by one that messages are no longer in flight, so that the last of a group would
        # come back first.
        for message in list(queue.pending_messages):
            if message.visible:
                queue.pending_messages.discard(message)
        messages: list[Any] = self._backend().receive_message(
            self._name, count, 0, queue.visibility_timeout, ["All"]
        )
        return messages

    def delete(self, receipt_handles: list[str]) -> None:
        """Delete messages; those that are gone are gone."""
        entries = [{"Id": str(n), "ReceiptHandle": handle} for n, handle in enumerate(receipt_handles)]
        if self._queue() is not None:
            self._backend().delete_message_batch(self._name, entries)

    @property
    def is_fifo(self) -> bool:
        """Whether messages of a group keep their order."""
        return self._name.endswith(".fifo")

    @property
    def visibility_timeout(self) -> int:
        """In seconds, how long a message that was received stays invisible; 0 if there is no such queue."""
        queue = self._queue()
        return int(queue.visibility_timeout) if queue else 0

    @property
    def exists(self) -> bool:
        """Whether there is such a queue."""
        return self._queue() is not None

    def align(self, receipt_handles: list[str]) -> None:
        """Let messages of one batch come back together: when the visibility timeout of the last one ends."""
        queue = self._queue()
        if queue is None:
            return
        batch = [m for m in list(queue._messages) if any(m.had_receipt_handle(h) for h in receipt_handles)]
        end = max((message.visible_at for message in batch), default=0.0)
        for message in batch:
            message.visible_at = end

    def release(self, receipt_handles: list[str], after_seconds: int) -> None:
        """Let messages be received again in ``after_seconds`` or the visibility timeout, if that is less."""
        queue = self._queue()
        if queue is None:
            return
        pause = min(after_seconds, queue.visibility_timeout)
        entries = [
            {"Id": str(n), "ReceiptHandle": handle, "VisibilityTimeout": pause}
            for n, handle in enumerate(receipt_handles)
        ]
        self._backend().change_message_visibility_batch(self._name, entries)

    def seconds_until_next(self) -> float | None:
        """When a message that is there now may be received, as seconds from now; None if there is none."""
        queue = self._queue()
        if queue is None:
            return None
        now = time.time() * 1000
        due = [max(message.visible_at, message.delayed_until) - now for message in list(queue._messages)]
        if not due:
            return None
        upcoming = [milliseconds for milliseconds in due if milliseconds > 0]
        return min(upcoming) / 1000 + 0.001 if upcoming else LONGEST_PAUSE

    def recover(self, message_ids: Collection[str]) -> None:
        """Give back what was with the function when an earlier run of the cloudstage ended: that is no failure."""
        queue = self._queue()
        if queue is None:
            return
        for message in list(queue._messages):
            if message.id in message_ids:
                message.visible_at = 0.0
                message.approximate_receive_count = max(0, message.approximate_receive_count - 1)
                queue.pending_messages.discard(message)

    def _queue(self) -> Any | None:
        return self._backend().queues.get(self._name)

    def _backend(self) -> Any:
        from moto.sqs.models import sqs_backends

        return sqs_backends[self._account_id][self._region]


LARGEST_EVENT = 6 * 1024 * 1024
"""Bytes: an event can't be larger than the payload of a synchronous invocation."""
OVERHEAD = 2048
"""Bytes allowed for what a record holds besides its body and attributes."""


def record(message: Any, queue_arn: str) -> dict[str, Any]:
    """One record for moto's ``Message`` from the queue ``queue_arn``."""
    digest = {"md5OfMessageAttributes": message.attribute_md5} if message.message_attributes else {}
    return digest | {
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


class Wakeups:
    """The pollers' events by queue ARN."""

    def __init__(self) -> None:
        self._events: dict[str, set[threading.Event]] = {}
        self._lock = threading.Lock()

    def subscribe(self, queue_arn: str) -> threading.Event:
        """An event that is set whenever something happens to the queue."""
        event = threading.Event()
        with self._lock:
            self._events.setdefault(queue_arn, set()).add(event)
        return event

    def unsubscribe(self, queue_arn: str, event: threading.Event) -> None:
        """Forget ``event``."""
        with self._lock:
            self._events[queue_arn].discard(event)

    def wake(self, queue_arn: str) -> None:
        """Something happened to the queue."""
        with self._lock:
            for event in self._events.get(queue_arn, ()):
                event.set()


def install(patch: Patch, wakeups: Wakeups) -> None:
    """Wake after whatever can make a message receivable: a new one, a released one, a queue that appears."""
    from moto.sqs.models import Queue, SQSBackend

    for name in ("add_message", "delete_message"):
        patch.replace(
            Queue, name, then_wake(getattr(Queue, name), wakeups, lambda queue, *_: queue.queue_arn)
        )
    for name in ("change_message_visibility", "create_queue", "delete_queue"):
        patch.replace(SQSBackend, name, then_wake(getattr(SQSBackend, name), wakeups, _arn_of_named_queue))


def then_wake(
    original: Callable[..., Any], wakeups: Wakeups, arn_of: Callable[..., str]
) -> Callable[..., Any]:
    """``original``, after which the pollers of what ``arn_of`` its arguments names are woken."""

    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return original(*args, **kwargs)
        finally:
            wakeups.wake(arn_of(*args, *kwargs.values()))

    return call


def _arn_of_named_queue(backend: Any, name: str, *_: Any) -> str:
    return f"arn:{backend.partition}:sqs:{backend.region_name}:{backend.account_id}:{name}"
