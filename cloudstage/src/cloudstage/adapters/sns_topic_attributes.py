"""A gap in what moto's SNS tells of a topic."""

from __future__ import annotations

from itertools import product
from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import camelcase_to_underscores
from moto.sns.responses import SNSResponse

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch

_FEEDBACK = product(
    ("Application", "Firehose", "HTTP", "Lambda", "SQS"),
    ("SuccessFeedbackRoleArn", "SuccessFeedbackSampleRate", "FailureFeedbackRoleArn"),
)
ATTRIBUTES = (
    "ArchivePolicy",
    "FifoThroughputScope",
    "SignatureVersion",
    "TracingConfig",
    *("".join(parts) for parts in _FEEDBACK),
)


@adapter
def attributes_are_returned(patch: Patch) -> None:
    """GetTopicAttributes returns what was set: tracing, the signature's version, archives, delivery feedback.

    moto 5.2.5 keeps it and leaves it out, so that Terraform wants to set it in each plan.
    """
    original = SNSResponse.get_topic_attributes

    def get_topic_attributes(self: SNSResponse) -> ActionResult:
        described: Any = original(self).result
        topic = self.backend.get_topic(self._get_param("TopicArn"))
        kept: dict[str, Any] = {name: vars(topic).get(camelcase_to_underscores(name)) for name in ATTRIBUTES}
        told = {name: value for name, value in kept.items() if value}
        return ActionResult({"Attributes": described["Attributes"] | told})

    patch.replace(SNSResponse, "get_topic_attributes", get_topic_attributes)
