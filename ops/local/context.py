"""What an executor is given when it is installed into a local stage."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3

from ops.local.environment import ACCESS_KEY_ID, SECRET_ACCESS_KEY

log = logging.getLogger(__name__)
Callback = Callable[[], None]


@dataclass
class StageContext:
    """One local stage, as its executors see it.

    ``environment`` is the client environment of the stage (``AWS_ENDPOINT_URL`` and so on): merge it into
    the environment of every child process that shall reach the stage.
    """

    directory: Path
    endpoint: str
    region: str
    account_id: str
    environment: dict[str, str]
    _on_start: list[Callback] = field(default_factory=list, repr=False)
    _on_stop: list[Callback] = field(default_factory=list, repr=False)
    _on_change: list[Callback] = field(default_factory=list, repr=False)
    _clients: dict[str, Any] = field(default_factory=dict, repr=False)
    _started: bool = field(default=False, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def on_start(self, callback: Callback) -> None:
        """Run ``callback`` once the stage answers requests and its contents are restored; now, if it does."""
        if self._started:
            callback()
        else:
            self._on_start.append(callback)

    def on_stop(self, callback: Callback) -> None:
        """Run ``callback`` when the stage stops, while it still answers requests; be quick."""
        self._on_stop.append(callback)

    def on_change(self, callback: Callback) -> None:
        """Run ``callback`` after each ``changed``: the snapshot listens here."""
        self._on_change.append(callback)

    def changed(self) -> None:
        """Say that durable state was changed other than by a request, so that the next snapshot is due.

        An executor which sets a state in a moto backend from its own thread calls this afterwards.
        """
        for callback in self._on_change:
            callback()

    def client(self, service: str) -> Any:
        """A thread-safe boto3 client of ``service`` that talks to this stage; made once per service."""
        with self._lock:
            if service not in self._clients:
                session = boto3.Session(
                    aws_access_key_id=ACCESS_KEY_ID,
                    aws_secret_access_key=SECRET_ACCESS_KEY,
                    region_name=self.region,
                )
                self._clients[service] = session.client(service, endpoint_url=self.endpoint)
            return self._clients[service]

    def start(self) -> None:
        """Run what was registered with ``on_start``, in order of registration."""
        self._started = True
        for callback in self._on_start:
            callback()

    def stop(self) -> None:
        """Run what was registered with ``on_stop``, last registered first; one failure stops no other."""
        for callback in reversed(self._on_stop):
            try:
                callback()
            except Exception:  # the others still have processes to end
                log.exception("An executor did not stop cleanly")
