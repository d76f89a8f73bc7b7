"""A gap in moto's dead letter queues, as Terraform finds it."""

from __future__ import annotations

from typing import Any

from moto.sqs.models import Queue, SQSBackend

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch

_NAME = "RedriveAllowPolicy"


@adapter
def redrive_allow_policy_is_told(patch: Patch) -> None:
    """GetQueueAttributes must return a queue's RedriveAllowPolicy.

    moto 5.2.5 keeps it, does not return it, and refuses a request that names it: Terraform waits for it until
    its time is over.
    """
    original: property = vars(Queue)["attributes"]
    get = SQSBackend.get_queue_attributes

    def attributes(self: Queue) -> dict[str, Any]:
        described: dict[str, Any] = original.__get__(self, Queue)
        policy = getattr(self, "redrive_allow_policy", None)
        return {**described, _NAME: policy} if policy else described

    def get_queue_attributes(self: SQSBackend, queue_name: str, attribute_names: list[str]) -> dict[str, Any]:
        others = [name for name in attribute_names if name != _NAME]
        found = get(self, queue_name, others)
        told = self.get_queue(queue_name).attributes.get(_NAME) if others != attribute_names else None
        return {**found, _NAME: told} if told else found

    patch.replace(Queue, "attributes", property(attributes))
    patch.replace(SQSBackend, "get_queue_attributes", get_queue_attributes)
