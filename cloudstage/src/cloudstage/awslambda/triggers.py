"""Buckets, topics and rules that start functions; none waits for the function to end.

Sources: "Invoking Lambda functions with Amazon SNS notifications" in the Lambda developer guide, "Amazon
EventBridge input transformation" in the EventBridge user guide.
"""

from __future__ import annotations

import copy
import json
import logging
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from cloudstage.awslambda.delivery import Delivery, Sender, permits
from cloudstage.awslambda.rule_targets import STREAMS, as_delivered, send_to_stream, target_input
from cloudstage.patching import Patch

log = logging.getLogger(__name__)

SKIP_VALIDATION = "x-amz-skip-destination-validation"
"""The header of a caller that answers for the destinations of a bucket's notifications."""


def install(patch: Patch, delivery: Delivery) -> None:
    """Let objects, messages and events start functions, after the request that brought them has been answered."""
    _install_buckets(patch, delivery)
    _install_topics(patch, delivery)
    _install_rules(patch, delivery)


def _install_buckets(patch: Patch, delivery: Delivery) -> None:
    """Start functions after PutObject has answered, and refuse destinations that S3 may not send to.

    moto would run the function within the request, and accepts every destination.
    """
    from moto.s3 import notifications
    from moto.s3.models import S3Backend
    from moto.s3.responses import S3Response

    parse = S3Response._notification_config_from_body
    configure = S3Backend.put_bucket_notification_configuration

    validating = ContextVar("validating", default=True)

    def configuration_of(request: Any) -> dict[str, Any]:
        validating.set(request.headers.get(SKIP_VALIDATION, "").lower() != "true")
        return parse(request)

    def invoke(_account_id: str, event: Any, function_arn: str, _region: str) -> None:
        delivery.send(function_arn, json.dumps(event))

    def configure_notifications(backend: Any, bucket_name: str, configuration: dict[str, Any]) -> None:
        bucket = backend.get_bucket(bucket_name)
        sender = Sender("s3.amazonaws.com", bucket.arn, bucket.account_id)
        if validating.get():
            _require_permissions(sender, configuration or {})
        configure(backend, bucket_name, configuration)

    patch.replace(S3Response, "_notification_config_from_body", configuration_of)
    patch.replace(notifications, "_invoke_awslambda", invoke)
    patch.replace(S3Backend, "put_bucket_notification_configuration", configure_notifications)


def _require_permissions(sender: Sender, configuration: dict[str, Any]) -> None:
    """Raise what S3 answers, with the destination it does not name."""
    from moto.s3.exceptions import S3ClientError

    for kind in ("Topic", "Queue", "CloudFunction"):
        for destination in configuration.get(f"{kind}Configuration") or []:
            if not permits(destination[kind], sender):
                raise S3ClientError(
                    "InvalidArgument",
                    "Unable to validate the following destination configurations: "
                    f"{destination[kind]} is missing, or its policy does not let {sender.service} reach it "
                    f"for {sender.source_arn}",
                )


def _install_topics(patch: Patch, delivery: Delivery) -> None:
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
    envelope = subscription.get_post_data(message, message_id, subject, attributes)
    names = {"SigningCertURL": "SigningCertUrl", "UnsubscribeURL": "UnsubscribeUrl"}
    renamed = {names.get(name, name): value for name, value in envelope.items()}
    return {
        "EventSource": "aws:sns",
        "EventVersion": "1.0",
        "EventSubscriptionArn": subscription.arn,
        "Sns": {"Subject": None, "MessageAttributes": {}} | renamed,
    }


DELIVERED_HERE = ("lambda", "sns", "sqs")


def _install_rules(patch: Patch, delivery: Delivery) -> None:
    """Send matching events to functions and topics, which moto can't, and to queues as it is asked.

    Disabled rules and rules with nothing but a schedule take no events; with moto alone they take all.
    """
    from moto.events.models import Rule

    send_to_others: Callable[..., None] = Rule.send_to_targets

    def send_to_targets(rule: Any, event: Any, transform_input: bool = True) -> None:
        pattern = rule.event_pattern
        if rule.state == "DISABLED" or not pattern.dump() or not pattern.matches_event(event):
            return
        sender = Sender("events.amazonaws.com", rule.arn, rule.account_id)
        delivered = as_delivered(event)
        for target in rule.targets:
            if _service(target) in DELIVERED_HERE:
                text = target_input(target, delivered, rule.name, rule.arn)
                group_id = target.get("SqsParameters", {}).get("MessageGroupId", "")
                delivery.send_for(sender, target["Arn"], text, group_id)
            elif _service(target) in STREAMS:
                _stream(rule, target, delivered)
        reached = (*DELIVERED_HERE, *STREAMS)
        others = copy.copy(rule)
        others.targets = [target for target in rule.targets if _service(target) not in reached]
        try:
            send_to_others(others, event, transform_input)
        except Exception as error:  # as on AWS, the sender of the event does not learn of its targets
            log.warning("The rule %s did not reach all of its targets: %s", rule.arn, error)

    patch.replace(Rule, "send_to_targets", send_to_targets)


def _stream(rule: Any, target: dict[str, Any], event: dict[str, Any]) -> None:
    try:
        send_to_stream(target, target_input(target, event, rule.name, rule.arn), event)
    except Exception as error:  # moto raises whatever it likes for a missing stream
        log.warning("%s got no event of %s: %s", target["Arn"], rule.arn, error)


def _service(target: dict[str, Any]) -> str:
    return str(target["Arn"]).split(":")[2]
