"""Gaps in what moto's SNS refuses.

Source: the service's answers.
"""

from __future__ import annotations

import json
from typing import Any

from moto.core.responses import ActionResult
from moto.sns.exceptions import SNSInvalidParameter, SNSNotFoundError
from moto.sns.models import SNSBackend, Topic
from moto.sns.responses import SNSResponse

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch

PARTS_OF_AN_ARN = 6
ILLEGAL_POLICY = "Invalid parameter: FilterPolicy: "


@adapter
def malformed_topic_arns_are_refused(patch: Patch) -> None:
    """A request for a topic whose ARN is none is refused with the reason.

    moto 5.2.5 answers 500.
    """
    get = SNSBackend.get_topic
    publish = SNSBackend.publish

    def get_topic(self: SNSBackend, arn: str) -> Topic:
        _check(arn)
        return get(self, arn)

    def publish_to(self: SNSBackend, message: str, arn: str | None, *args: Any, **options: Any) -> str:
        if arn is not None:
            _check(arn)
        return publish(self, message, arn, *args, **options)

    patch.replace(SNSBackend, "get_topic", get_topic)
    patch.replace(SNSBackend, "publish", publish_to)


def _check(arn: str) -> None:
    parts = len(arn.split(":"))
    if parts < PARTS_OF_AN_ARN:
        problem = f"An ARN must have at least {PARTS_OF_AN_ARN} elements, not {parts}"
        raise SNSInvalidParameter(f"Invalid parameter: TopicArn Reason: {problem}")


@adapter
def refused_subscriptions_leave_nothing(patch: Patch) -> None:
    """A subscription with an illegal filter policy is refused, and not made.

    moto 5.2.5 makes it without the filter and then refuses it, with a 500 if the policy is no JSON.
    """
    subscribe = SNSResponse.subscribe
    set_attributes = SNSBackend.set_subscription_attributes

    def subscribe_at_once(self: SNSResponse) -> ActionResult:
        before = set(self.backend.subscriptions)
        try:
            return subscribe(self)
        except SNSInvalidParameter as error:
            for arn in set(self.backend.subscriptions) - before:
                self.backend.unsubscribe(arn)
            error.message = error.message.replace(
                ILLEGAL_POLICY, "Invalid parameter: Attributes Reason: FilterPolicy: "
            )
            raise

    def set_subscription_attributes(self: SNSBackend, arn: str, name: str, value: Any) -> None:
        if arn not in self.subscriptions:
            raise SNSNotFoundError("Subscription does not exist")
        if name == "FilterPolicy" and value:
            try:
                json.loads(value)
            except ValueError as error:
                raise SNSInvalidParameter(f"{ILLEGAL_POLICY}failed to parse JSON. {error}") from None
        set_attributes(self, arn, name, value)

    patch.replace(SNSResponse, "subscribe", subscribe_at_once)
    patch.replace(SNSBackend, "set_subscription_attributes", set_subscription_attributes)
