"""The queue that a mapping reads, by its ARN."""

from __future__ import annotations

import time
from typing import Any

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
        messages: list[Any] = self._backend().receive_message(
            self._name, count, 0, queue.visibility_timeout, ["All"]
        )
        return messages

    def delete(self, receipt_handles: list[str]) -> None:
        """Delete messages; those that are gone are gone."""
        entries = [{"Id": str(n), "ReceiptHandle": handle} for n, handle in enumerate(receipt_handles)]
        if self._queue() is not None:
            self._backend().delete_message_batch(self._name, entries)

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

    def recover(self) -> None:
        """Give back what an earlier run of the cloudstage had received: its end is no failure of the function."""
        queue = self._queue()
        if queue is None:
            return
        for message in list(queue._messages):
            if not message.visible:
                message.visible_at = 0.0
                message.approximate_receive_count = max(0, message.approximate_receive_count - 1)
                queue.pending_messages.discard(message)

    def _queue(self) -> Any | None:
        return self._backend().queues.get(self._name)

    def _backend(self) -> Any:
        from moto.sqs.models import sqs_backends

        return sqs_backends[self._account_id][self._region]
