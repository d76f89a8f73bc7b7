"""EventBridge rules to functions, topics and queues."""

from __future__ import annotations

import copy
import logging
from collections.abc import Callable
from typing import Any

from cloudstage.awslambda.delivery import Delivery
from cloudstage.awslambda.resource_policy import Sender
from cloudstage.awslambda.triggers import streams
from cloudstage.awslambda.triggers.rule_input import as_delivered, target_input
from cloudstage.patching import Patch

log = logging.getLogger(__name__)

DELIVERED_HERE = ("lambda", "sns", "sqs")


def install(patch: Patch, delivery: Delivery) -> None:
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
            elif _service(target) in streams.SERVICES:
                _stream(rule, target, delivered)
        reached = (*DELIVERED_HERE, *streams.SERVICES)
        others = copy.copy(rule)
        others.targets = [target for target in rule.targets if _service(target) not in reached]
        try:
            send_to_others(others, event, transform_input)
        except Exception as error:  # as on AWS, whoever put the event learns nothing of its targets
            log.warning("The rule %s did not reach all of its targets: %s", rule.arn, error)

    patch.replace(Rule, "send_to_targets", send_to_targets)


def _stream(rule: Any, target: dict[str, Any], event: dict[str, Any]) -> None:
    try:
        streams.send_to_stream(target, target_input(target, event, rule.name, rule.arn), event)
    except Exception as error:  # moto raises whatever it likes for a missing stream
        log.warning("%s got no event of %s: %s", target["Arn"], rule.arn, error)


def _service(target: dict[str, Any]) -> str:
    return str(target["Arn"]).split(":")[2]
