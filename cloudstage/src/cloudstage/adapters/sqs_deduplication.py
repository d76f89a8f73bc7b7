"""Gaps in the deduplication of moto's FIFO queues.

Source: "Using the message deduplication ID" in the Amazon SQS developer guide.
"""

from __future__ import annotations

import time
from collections.abc import Hashable
from typing import Any

from moto.core.utils import unix_time
from moto.sqs.models import DEDUPLICATION_TIME_IN_SECONDS, Message, Queue

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch

FIRST_SEQUENCE_NUMBER = 10**19
"""Sequence numbers have 20 digits."""


@adapter
def duplicates_are_remembered(patch: Patch) -> None:
    """A message is a duplicate for five minutes, whether it was received and deleted or not.

    moto 5.2.5 forgets deleted messages, takes an id for the same in other groups whatever the queue's scope, and
    gives sequence numbers at random.
    """
    add = Queue.add_message

    def add_message(self: Queue, message: Message) -> None:
        if not self.fifo_queue:
            add(self, message)
            return
        with self._messages_lock:
            if message.approximate_receive_count == 0:  # else it is moved from another queue
                if (original := _original(self, message)) is not None:
                    message.id, message.sequence_number = original
                    return
                message.sequence_number = _next_sequence_number(self)
                _recently_sent(self)[_key(self, message)] = (unix_time(), message.id, message.sequence_number)
            self._messages.append(message)
            self._messages_lock.notify_all()

    patch.replace(Queue, "add_message", add_message)


def _original(queue: Any, message: Message) -> tuple[str, str] | None:
    """The id and the sequence number of the message that this one repeats."""
    if message.deduplication_id is None:
        return None
    recent = _recently_sent(queue)
    oldest = unix_time() - DEDUPLICATION_TIME_IN_SECONDS
    for key in [key for key, (sent, *_) in recent.items() if sent <= oldest]:
        del recent[key]
    _, *original = recent.get(_key(queue, message), (0.0, message.id, ""))
    return None if original[0] == message.id else (original[0], original[1])


def _recently_sent(queue: Queue) -> dict[Hashable, tuple[float, str, str]]:
    """When each message was sent, with its id and sequence number; a part of the queue, with which it is saved."""
    recent: dict[Hashable, tuple[float, str, str]] = vars(queue).setdefault("recently_sent", {})
    return recent


def _key(queue: Any, message: Message) -> Hashable:
    scope = message.group_id if queue.deduplication_scope == "messageGroup" else None
    return scope, message.deduplication_id


def _next_sequence_number(queue: Queue) -> str:
    """Grows from message to message, also after a restart."""
    last = int(vars(queue).get("last_sequence_number", 0))
    number = max(FIRST_SEQUENCE_NUMBER + time.time_ns(), last + 1)
    vars(queue)["last_sequence_number"] = number
    return str(number)
