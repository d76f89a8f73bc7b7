"""Gaps in moto's SQS that Terraform meets when it configures a queue."""

from __future__ import annotations

import json
import threading
from typing import Any

from moto.sqs.models import Queue

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch

# Terraform sets two attributes of one queue at once; each must keep what the other set.
_attribute_writes = threading.Lock()


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
