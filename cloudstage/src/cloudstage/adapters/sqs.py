"""Gaps in moto's SQS.

Source: "FIFO queue delivery logic" in the Amazon SQS developer guide.
"""

from __future__ import annotations

import base64
import itertools
import json
import threading
from collections.abc import Callable, Iterable
from copy import deepcopy
from typing import Any

from moto.core.utils import unix_time
from moto.sqs import models
from moto.sqs.models import Message, Queue, SQSBackend

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch

LONGEST_WAIT_SECONDS = 1.0

# Terraform sets two attributes of one queue at once; each must keep what the other set.
_attribute_writes = threading.Lock()


@adapter
def groups_stay_in_order(patch: Patch) -> None:
    """A group's messages are received together and in their order, also after some were not deleted in time.

    moto 5.2.5 returns a later message first once the earlier one's visibility timeout is over, and only one message
    of a group that was released. What holds up a group is its first message in flight: those before it are
    received. This adapter comes first: the others add to what it puts in place.
    """
    patch.replace(SQSBackend, "receive_message", _receive_message)


@adapter
def operations_on_a_queue_exclude_each_other(patch: Patch) -> None:
    """Consumers of one queue don't undo each other's work.

    moto 5.2.5 deletes a message by building a new list without it: what others delete meanwhile comes back,
    what they send is lost, and two receivers at once may both get a message. The queue has a lock, which
    only SendMessage takes. It is reentrant, and given up while ReceiveMessage waits.
    """
    patch.replace(Queue, "delete_message", _locked(Queue.delete_message, lambda queue, *_: queue))
    for name in ("receive_message", "change_message_visibility"):
        original = getattr(SQSBackend, name)
        patch.replace(SQSBackend, name, _locked(original, lambda backend, name, *_: backend.get_queue(name)))
    patch.replace(Queue, "wait_for_messages", _wait)


@adapter
def expired_messages_are_gone(patch: Patch) -> None:
    """A message older than the queue's retention period is not there any more.

    moto 5.2.5 stops at such a message, so that nobody ever receives the younger ones behind it.
    """
    receive = SQSBackend.receive_message

    def receive_message(backend: SQSBackend, queue_name: str, *args: Any, **kwargs: Any) -> Any:
        queue: Any = backend.get_queue(queue_name)
        with queue._messages_lock:
            oldest = (unix_time() - queue.message_retention_period) * 1000
            expired = [message for message in queue._messages if message.sent_timestamp <= oldest]
            queue._messages = [message for message in queue._messages if message.sent_timestamp > oldest]
            queue._pending_messages.difference_update(expired)
        return receive(backend, queue_name, *args, **kwargs)

    patch.replace(SQSBackend, "receive_message", receive_message)


@adapter
def binary_attributes_are_bytes(patch: Patch) -> None:
    """A binary attribute that comes through a topic can be received.

    moto 5.2.5 passes it on as base64 text, and answers 500 to ReceiveMessage.
    """
    send = SQSBackend.send_message

    def send_message(self: SQSBackend, *args: Any, **kwargs: Any) -> Message:
        for attribute in (kwargs.get("message_attributes") or {}).values():
            if isinstance(attribute.get("BinaryValue"), str):
                attribute["BinaryValue"] = base64.b64decode(attribute["BinaryValue"])
        return send(self, *args, **kwargs)

    patch.replace(SQSBackend, "send_message", send_message)


@adapter
def set_queue_attributes_keeps_policy(patch: Patch) -> None:
    """SetQueueAttributes must leave alone what it does not name.

    moto 5.2.5 drops a queue's Policy whenever any other attribute is set, such as the RedrivePolicy that
    Terraform attaches to a queue after creating it.
    """
    original = Queue._set_attributes

    def _set_attributes(self: Queue, attributes: dict[str, Any], now: float | None = None) -> None:
        with _attribute_writes:
            if "Policy" not in attributes and hasattr(self, "_policy_json"):
                attributes = attributes | {"Policy": self.policy}
            original(self, attributes, now)

    patch.replace(Queue, "_set_attributes", _set_attributes)


@adapter
def redrive_policy_is_compact(patch: Patch) -> None:
    """GetQueueAttributes must return a RedrivePolicy without blanks, as SQS does.

    moto 5.2.5 writes blanks after colons and commas, which Terraform takes for a change to undo.
    """
    original: property = vars(Queue)["attributes"]

    def attributes(self: Queue) -> dict[str, Any]:
        described: dict[str, Any] = original.__get__(self, Queue)
        if self.redrive_policy:
            described["RedrivePolicy"] = json.dumps(self.redrive_policy, separators=(",", ":"))
        return described

    patch.replace(Queue, "attributes", property(attributes))


def _receive_message(  # noqa: PLR0913, PLR0917 (moto's own signature)
    self: SQSBackend,
    queue_name: str,
    count: int,
    wait_seconds_timeout: int,
    visibility_timeout: int,
    message_attribute_names: list[str] | None = None,
) -> list[Message]:
    queue: Any = self.get_queue(queue_name)
    end = unix_time() + wait_seconds_timeout
    while not (taken := _take(queue, count, visibility_timeout)) and (left := end - unix_time()) > 0:
        queue.wait_for_messages(min(left, LONGEST_WAIT_SECONDS))
    copies = deepcopy(taken)  # what a receiver does not ask for must stay in the queue
    for message in copies:
        models._filter_message_attributes(message, message_attribute_names or [])
    return copies


def _take(queue: Any, count: int, visibility_timeout: int) -> list[Message]:
    """Up to ``count`` messages, which become invisible."""
    queue._pending_messages &= {message for message in queue._messages if not message.visible}
    taken: list[Message] = []
    for message in _in_order_of_groups(queue) if queue.fifo_queue else queue.messages:
        if len(taken) == count:
            break
        if _received_too_often(queue, message):
            queue._messages.remove(message)
            vars(message)["dead_letter_source"] = queue.queue_arn
            queue.dead_letter_queue.add_message(message)
            continue
        queue.pending_messages.add(message)
        message.mark_received(visibility_timeout=visibility_timeout)
        taken.append(message)
    if queue.fifo_queue:
        _end_turns(queue, dict.fromkeys(message.group_id for message in taken))
    return taken


def _in_order_of_groups(queue: Any) -> list[Message]:
    """Each group's messages up to its first that is in flight; the group that waits longest comes first."""
    groups: dict[str | None, list[Message]] = {}
    for message in queue._messages:
        groups.setdefault(message.group_id, []).append(message)
    turns = _last_turns(queue)
    for gone in turns.keys() - groups.keys():
        del turns[gone]
    return [
        message
        for group in sorted(groups, key=lambda group: turns.get(group, 0))
        for message in itertools.takewhile(
            lambda message: message.visible and not message.delayed, groups[group]
        )
    ]


def _end_turns(queue: Any, groups: Iterable[str | None]) -> None:
    turns = _last_turns(queue)
    for turn, group in enumerate(groups, max(turns.values(), default=0) + 1):
        turns[group] = turn


def _last_turns(queue: Any) -> dict[str | None, int]:
    """When each group was last received, as a growing number; a part of the queue, with which it is saved."""
    turns: dict[str | None, int] = vars(queue).setdefault("last_turns", {})
    return turns


def _received_too_often(queue: Any, message: Message) -> bool:
    if queue.dead_letter_queue is None or not queue.redrive_policy:
        return False
    return bool(message.approximate_receive_count >= queue.redrive_policy["maxReceiveCount"])


def _locked(original: Callable[..., Any], queue_of: Callable[..., Any]) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        with queue_of(*args, *kwargs.values())._messages_lock:
            return original(*args, **kwargs)

    return call


def _wait(queue: Queue, timeout: int) -> None:
    """Give the lock up also while there are messages that can't be received, as those of a busy group."""
    with queue._messages_lock:
        queue._messages_lock.wait(timeout)
