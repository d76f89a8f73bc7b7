"""Gaps in how moto's FIFO queues take messages."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from moto.sqs.models import Message, Queue, SQSBackend

from cloudstage.adapters.recently_sent import forget, next_sequence_number, recall, remember
from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch


@adapter
def duplicates_are_remembered(patch: Patch) -> None:
    """A message is a duplicate for five minutes, whether it was received and deleted or not,
    unless the queue was purged.

    moto 5.2.5 forgets deleted messages, takes an id for the same in other groups whatever the queue's scope, and
    gives sequence numbers at random.
    """
    add = Queue.add_message
    purge = SQSBackend.purge_queue

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

    def purge_queue(self: SQSBackend, queue_name: str) -> None:
        purge(self, queue_name)
        forget(self.get_queue(queue_name))

    patch.replace(Queue, "add_message", add_message)
    patch.replace(SQSBackend, "purge_queue", purge_queue)


@adapter
def delays_are_those_of_the_queue(patch: Patch) -> None:
    """A message to a FIFO queue is delayed as long as the queue says.

    moto 5.2.5 lets DelaySeconds of zero overrule it.
    """
    send = SQSBackend.send_message

    def send_message(self: SQSBackend, queue_name: str, *args: Any, **options: Any) -> Message:
        if self.get_queue(queue_name).fifo_queue and options.get("delay_seconds") in (0, "0"):
            options["delay_seconds"] = None
        return send(self, queue_name, *args, **options)

    patch.replace(SQSBackend, "send_message", send_message)


def _key(queue: Any, message: Message) -> Hashable:
    scope = message.group_id if queue.deduplication_scope == "messageGroup" else None
    return scope, message.deduplication_id
