"""Wake pollers when something happened to their queue, so that none has to look again and again."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from cloudstage.patching import Patch


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
            Queue, name, _then_wake(getattr(Queue, name), wakeups, lambda queue, *_: queue.queue_arn)
        )
    for name in ("change_message_visibility", "create_queue", "delete_queue"):
        patch.replace(SQSBackend, name, _then_wake(getattr(SQSBackend, name), wakeups, _arn_of_named_queue))


def _then_wake(
    original: Callable[..., Any], wakeups: Wakeups, arn_of: Callable[..., str]
) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return original(*args, **kwargs)
        finally:
            wakeups.wake(arn_of(*args, *kwargs.values()))

    return call


def _arn_of_named_queue(backend: Any, name: str, *_: Any) -> str:
    return f"arn:{backend.partition}:sqs:{backend.region_name}:{backend.account_id}:{name}"
