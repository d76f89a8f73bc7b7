"""SNS messages to functions.

Source: "Invoking Lambda functions with Amazon SNS notifications" in the Lambda developer guide.
"""

from __future__ import annotations

import copy
import datetime
import json
import logging
from collections.abc import Callable
from typing import Any

from cloudstage.awslambda.delivery import Delivery
from cloudstage.awslambda.resource_policy import Sender, permits
from cloudstage.patching import Patch

log = logging.getLogger(__name__)


def install(patch: Patch, delivery: Delivery) -> None:
    """Deliver to subscribed functions later and with the message's own data; moto sends examples, at once.

    A subscriber that can't be reached takes nothing from the others and nothing from the publisher.
    """
    from moto.sns.models import Subscription

    deliver_to_others: Callable[..., None] = Subscription.publish

    def publish(subscription: Any, message: str, message_id: str, **options: Any) -> None:
        sender = Sender("sns.amazonaws.com", subscription.topic.arn, subscription.account_id)
        subscription = _reachable(subscription, sender)
        if subscription.protocol != "lambda":
            try:
                _require_permission(subscription, sender)
                deliver_to_others(subscription, message, message_id, **options)
            except Exception as error:  # moto raises whatever it likes for a missing endpoint
                log.warning("%s got no message of %s: %s", subscription.endpoint, sender.source_arn, error)
            return
        attributes = options.get("message_attributes")
        matcher = subscription._filter_policy_matcher
        if matcher is not None and not matcher.matches(attributes, message):
            return
        if options.get("message_structure") == "json":
            message = subscription._parse_message_structure(message, subscription.protocol)
        record = _record(subscription, message, message_id, options.get("subject"), attributes)
        delivery.send_for(sender, subscription.endpoint, json.dumps({"Records": [record]}))

    patch.replace(Subscription, "publish", publish)


def _reachable(subscription: Any, sender: Sender) -> Any:
    """The subscription, or one that reaches its dead letter queue if it has one and its own endpoint is lost.

    Source: "Amazon SNS dead-letter queues" in the Amazon SNS developer guide.
    """
    dead_letters = json.loads(subscription.attributes.get("RedrivePolicy") or "{}").get("deadLetterTargetArn")
    if dead_letters is None or subscription.protocol not in {"lambda", "sqs"}:
        return subscription
    if permits(subscription.endpoint, sender):
        return subscription
    replacement = copy.copy(subscription)
    replacement.protocol, replacement.endpoint = "sqs", dead_letters
    return replacement


def _require_permission(subscription: Any, sender: Sender) -> None:
    if subscription.protocol == "sqs" and not permits(subscription.endpoint, sender):
        raise PermissionError("the queue is missing, or its policy does not let the topic send to it")


def _record(
    subscription: Any, message: str, message_id: str, subject: str | None, attributes: dict[str, Any] | None
) -> dict[str, Any]:
    now = datetime.datetime.now(datetime.UTC)
    return {
        "EventSource": "aws:sns",
        "EventVersion": "1.0",
        "EventSubscriptionArn": subscription.arn,
        "Sns": {
            "Type": "Notification",
            "MessageId": message_id,
            "TopicArn": subscription.topic.arn,
            "Subject": subject,
            "Message": message,
            "Timestamp": now.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z",
            "SignatureVersion": "1",
            "Signature": "",
            "SigningCertUrl": "",
            "UnsubscribeUrl": "",
            "MessageAttributes": attributes or {},
        },
    }
