"""What an executor is given when it is installed into a cloudstage."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3

from cloudstage.configuration import Configuration
from cloudstage.credentials import Credentials
from cloudstage.environment import client_environment

log = logging.getLogger(__name__)
Callback = Callable[[], None]


@dataclass
class Context:
    """One cloudstage, as its executors see it."""

    directory: Path
    endpoint: str
    configuration: Configuration
    credentials: Credentials
    _on_start: list[Callback] = field(default_factory=list, repr=False)
    _on_stop: list[Callback] = field(default_factory=list, repr=False)
    _on_change: list[Callback] = field(default_factory=list, repr=False)
    _clients: dict[str, Any] = field(default_factory=dict, repr=False)
    _started: bool = field(default=False, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @property
    def region(self) -> str:
        """The region of clients that name none."""
        return self.configuration.region

    @property
    def account_id(self) -> str:
        """The AWS account that this cloudstage stands in for."""
        return self.configuration.account_id

    @property
    def environment(self) -> dict[str, str]:
        """The variables that point a child process at this cloudstage, as its administrator."""
        return client_environment(self.endpoint, self.region, self.credentials)

    def role_environment(self, role_arn: str, service: str, session_name: str) -> dict[str, str]:
        """The variables that point a child process at this cloudstage, with the rights of a role.

        The administrator's, if roles are not enforced.

        Args:
            role_arn: the role's ARN or name.
            service: the one that runs the process, such as ``glue.amazonaws.com``; the role must trust it.
            session_name: what the process's calls are called by, beside the role.

        Raises:
            RoleNotAssumableError: there is no such role, or it does not trust the service.
        """
        if not self.configuration.enforce_roles:
            return self.environment
        from cloudstage.iam.roles import role_credentials  # imports moto, which reads its settings then

        credentials = role_credentials(
            role_arn, service, session_name, account_id=self.account_id, region=self.region
        )
        return {**self.environment, **credentials}

    def on_start(self, callback: Callback) -> None:
        """Run ``callback`` once the cloudstage answers requests and its contents are restored; now, if it does."""
        if self._started:
            callback()
        else:
            self._on_start.append(callback)

    def on_stop(self, callback: Callback) -> None:
        """Run ``callback`` when the cloudstage stops, while it still answers requests; be quick."""
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
        """A thread-safe boto3 client of ``service`` that talks to this cloudstage; made once per service."""
        with self._lock:
            if service not in self._clients:
                session = boto3.Session(
                    aws_access_key_id=self.credentials.access_key_id,
                    aws_secret_access_key=self.credentials.secret_access_key,
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
