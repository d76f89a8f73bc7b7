"""Where the Runtime API, which the function's process calls, meets the thread that invokes the function."""

from __future__ import annotations

import queue
from dataclasses import dataclass

from cloudstage.awslambda.results import Outcome


@dataclass(frozen=True)
class Event:
    """One event on its way to the function. ``deadline_ms`` is Unix time in milliseconds."""

    request_id: str
    payload: bytes
    deadline_ms: int
    function_arn: str
    client_context: str = ""


@dataclass(frozen=True)
class Ready:
    """The function's process asks for an event."""


@dataclass(frozen=True)
class InitialisationFailed:
    """The function's process could not load the handler; the payload is Lambda's error object."""

    payload: bytes


@dataclass(frozen=True)
class Exited:
    """The function's process is gone."""

    return_code: int


Message = Ready | Outcome | InitialisationFailed | Exited


class Exchange:
    """Two queues: events go to the process, messages about it come back. Used for one event at a time."""

    def __init__(self) -> None:
        self._events: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        self._messages: queue.SimpleQueue[Message] = queue.SimpleQueue()

    def deliver(self, event: Event) -> None:
        """Give the process its next event."""
        self._events.put(event)

    def close(self) -> None:
        """Let the request that waits for an event end without one."""
        self._events.put(None)

    def next_event(self) -> Event | None:
        """Called for the process: say that it is ready and wait for an event; None ends the wait."""
        self._messages.put(Ready())
        return self._events.get()

    def report(self, message: Message) -> None:
        """Called for the process: tell how it fares."""
        self._messages.put(message)

    def wait(self, seconds: float) -> Message | None:
        """The next message about the process, None when none comes within ``seconds``."""
        try:
            return self._messages.get(timeout=max(0.0, seconds))
        except queue.Empty:
            return None
