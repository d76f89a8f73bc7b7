"""What a FIFO queue or topic remembers of the messages sent to it.

Source: "Using the message deduplication ID" in the Amazon SQS developer guide and "Message deduplication for FIFO
topics" in the Amazon SNS developer guide.
"""

from __future__ import annotations

import time
from collections.abc import Hashable
from typing import Any, NamedTuple

DEDUPLICATION_SECONDS = 300
FIRST_SEQUENCE_NUMBER = 10**19
"""Sequence numbers have 20 digits."""


class Sent(NamedTuple):
    """A message, and when it was sent (seconds since 1970)."""

    message_id: str
    sequence_number: str
    at: float


def recall(owner: Any, key: Hashable) -> Sent | None:
    """The message that was sent to a queue or topic with this deduplication key within five minutes."""
    sent = _sent(owner)
    oldest = time.time() - DEDUPLICATION_SECONDS
    for expired in [known for known, message in sent.items() if message.at <= oldest]:
        del sent[expired]
    return sent.get(key)


def remember(owner: Any, key: Hashable, message_id: str, sequence_number: str) -> None:
    """Note that a message was sent."""
    _sent(owner)[key] = Sent(message_id, sequence_number, time.time())


def forget(owner: Any) -> None:
    """Take every message for a new one again."""
    _sent(owner).clear()


def next_sequence_number(owner: Any) -> str:
    """A number that grows from message to message, also after a restart."""
    number = max(FIRST_SEQUENCE_NUMBER + time.time_ns(), vars(owner).get("last_sequence_number", 0) + 1)
    vars(owner)["last_sequence_number"] = number
    return str(number)


def _sent(owner: Any) -> dict[Hashable, Sent]:
    """A part of the queue or topic, with which it is saved."""
    sent: dict[Hashable, Sent] = vars(owner).setdefault("recently_sent", {})
    return sent
