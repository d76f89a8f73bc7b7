"""Function logs in the cloudstage's CloudWatch Logs."""

from __future__ import annotations

import datetime
import logging
import threading
import time
import uuid
from typing import Any

from cloudstage.awslambda.function import FunctionVersion

log = logging.getLogger(__name__)

LARGEST_TAIL = 4096


class FunctionLog:
    """The log stream of one execution environment, created with its first event as on AWS."""

    def __init__(self, version: FunctionVersion, account_id: str) -> None:
        today = datetime.datetime.now(datetime.UTC)
        self.group = version.log_group
        self.stream = f"{today:%Y/%m/%d}/[{version.version}]{uuid.uuid4().hex}"
        self._account_id = account_id
        self._region = version.region
        self.muted = False
        """Whether the function's role may not write the log: then only the tail is kept."""
        self._tail = b""
        self._created = False
        self._lock = threading.Lock()

    def write(self, lines: list[str]) -> None:
        """Append one event per line."""
        now = int(time.time() * 1000)
        with self._lock:
            self._tail = (self._tail + "".join(f"{line}\n" for line in lines).encode())[-LARGEST_TAIL:]
            events = [{"timestamp": now, "message": line + "\n"} for line in lines]
            try:
                if not self.muted and self._has_stream():
                    self._backend().put_log_events(self.group, self.stream, events)
            except Exception:  # such as a subscription filter whose target is gone: the function must go on
                log.exception("Some of the log of %s was lost", self.stream)

    def take_tail(self) -> bytes:
        """The last 4 KB since the last call."""
        with self._lock:
            tail, self._tail = self._tail, b""
            return tail

    def _has_stream(self) -> bool:
        """Create the stream, and with it the group, once: a group deleted since then must not come back."""
        backend = self._backend()
        if not self._created:
            backend.ensure_log_group(self.group)
            backend.create_log_stream(self.group, self.stream)
            self._created = True
        return self.group in backend.groups and self.stream in backend.groups[self.group].streams

    def _backend(self) -> Any:
        from moto.logs.models import logs_backends

        return logs_backends[self._account_id][self._region]
