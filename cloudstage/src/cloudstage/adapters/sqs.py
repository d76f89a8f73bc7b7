"""Gaps in moto's SQS."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.core.utils import unix_time
from moto.sqs.models import Queue, SQSBackend

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch


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


def _locked(original: Callable[..., Any], queue_of: Callable[..., Any]) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        with queue_of(*args, *kwargs.values())._messages_lock:
            return original(*args, **kwargs)

    return call


def _wait(queue: Queue, timeout: int) -> None:
    """Give the lock up also while there are messages that can't be received, as those of a busy group."""
    with queue._messages_lock:
        queue._messages_lock.wait(timeout)
