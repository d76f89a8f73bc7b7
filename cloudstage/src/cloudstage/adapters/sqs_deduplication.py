"""A gap in the deduplication of moto's FIFO queues."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from moto.sqs.models import Message, Queue

from cloudstage.adapters.recently_sent import next_sequence_number, recall, remember
from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch


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
            if "dead_letter_source" not in vars(message):  # what is moved between queues is no duplicate
                key = _key(self, message)
                if sent := recall(self, key):
                    message.id, message.sequence_number = sent.message_id, sent.sequence_number
                    return
                message.sequence_number = next_sequence_number(self)
                remember(self, key, message.id, message.sequence_number)
            self._messages.append(message)
            self._messages_lock.notify_all()

    patch.replace(Queue, "add_message", add_message)


def _key(queue: Any, message: Message) -> Hashable:
    scope = message.group_id if queue.deduplication_scope == "messageGroup" else None
    return scope, message.deduplication_id
