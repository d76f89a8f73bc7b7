"""What Lambda remembers beyond moto's backend, saved and restored with the contents of all services.

The snapshot saves every registry of backends that moto knows, and so this one.
"""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, field

from moto.core.base_backend import BackendDict, BaseBackend


@dataclass
class AcceptedEvent:
    """An event that was answered with 202 and is not handled yet.

    Attributes:
        function_arn: as the caller named the function, possibly with a version or an alias.
        request_id: the same in every attempt.
        attempts: how often the function has run for it.
        accepted_at: Unix time in seconds.
        skipped_seconds: how much longer AWS would have waited between the attempts made here.
    """

    function_arn: str
    payload: bytes
    request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    attempts: int = 0
    accepted_at: float = field(default_factory=time.time)
    skipped_seconds: float = 0.0

    @property
    def age_seconds(self) -> float:
        """How old the event would be on AWS."""
        return time.time() - self.accepted_at + self.skipped_seconds


class LambdaContents(BaseBackend):
    """Lambda in one account and region.

    Attributes:
        accepted_events: by their request id.
        in_flight: ids of the messages that are with a function, by the UUID of an event source mapping.
        checkpoints: the number of the last record that was handled, by the UUID of an event source mapping and the
            id of a shard.
        last_processing_results: what mappings of streams say of their last batch, by their UUID.
    """

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.accepted_events: dict[str, AcceptedEvent] = {}
        self.in_flight: dict[str, set[str]] = {}
        self.checkpoints: dict[str, dict[str, int]] = {}
        self.last_processing_results: dict[str, str] = {}


lambda_contents = BackendDict(LambdaContents, "lambda")
