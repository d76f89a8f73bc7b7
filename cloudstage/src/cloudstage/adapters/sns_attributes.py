"""Gaps in how moto's SNS describes topics and subscriptions.

Source: "GetTopicAttributes" and "GetSubscriptionAttributes" in the Amazon SNS API reference, and the service's
answers.
"""

from __future__ import annotations

import json
from itertools import product
from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import camelcase_to_underscores
from moto.sns.models import Topic
from moto.sns.responses import SNSResponse
from moto.sts.models import sts_backends

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch

RETRIES = {
    "minDelayTarget": 20,
    "maxDelayTarget": 20,
    "numRetries": 3,
    "numMaxDelayRetries": 0,
    "numNoDelayRetries": 0,
    "numMinDelayRetries": 0,
    "backoffFunction": "linear",
}
EFFECTIVE_DELIVERY_POLICY = {
    "http": {
        "defaultHealthyRetryPolicy": RETRIES,
        "disableSubscriptionOverrides": False,
        "defaultRequestPolicy": {"headerContentType": "text/plain; charset=UTF-8"},
    }
}

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
def delivery_policies_are_as_set(patch: Patch) -> None:
    """A topic without a policy for deliveries has none, and the one in effect is that of HTTP.

    moto 5.2.5 answers with an empty policy, and with one of another form.
    """
    create = Topic.__init__
    describe = SNSResponse.get_topic_attributes

    def initialise(self: Topic, *args: Any, **kwargs: Any) -> None:
        create(self, *args, **kwargs)
        self.effective_delivery_policy = json.dumps(EFFECTIVE_DELIVERY_POLICY)

    def get_topic_attributes(self: SNSResponse) -> ActionResult:
        answer: Any = describe(self)
        if not answer.result["Attributes"].get("DeliveryPolicy"):
            answer.result["Attributes"].pop("DeliveryPolicy", None)
        return answer  # type: ignore[no-any-return]

    patch.replace(Topic, "__init__", initialise)
    patch.replace(SNSResponse, "get_topic_attributes", get_topic_attributes)


@adapter
def subscriptions_name_their_principal(patch: Patch) -> None:
    """A subscription says who made it.

    moto 5.2.5 lacks the attribute.
    """
    subscribe = SNSResponse.subscribe

    def subscribe_as_caller(self: SNSResponse) -> ActionResult:
        answer: Any = subscribe(self)
        subscription = self.backend.subscriptions.get(answer.result["SubscriptionArn"])
        if subscription:
            _, caller, _ = sts_backends[self.current_account]["global"].get_caller_identity(
                self.get_access_key(), self.region
            )
            principal = caller.replace(":sts:", ":iam:") if ":user/" in caller else caller
            subscription.attributes.setdefault("SubscriptionPrincipal", principal)
        return answer  # type: ignore[no-any-return]

    patch.replace(SNSResponse, "subscribe", subscribe_as_caller)


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
        given = {name: value for name, value in kept.items() if value}
        return ActionResult({"Attributes": described["Attributes"] | given})

    patch.replace(SNSResponse, "get_topic_attributes", get_topic_attributes)
