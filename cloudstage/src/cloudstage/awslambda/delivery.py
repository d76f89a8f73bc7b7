"""Hand a message to a queue, a topic, a function or an event bus, given its ARN."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from cloudstage.awslambda.resource_policy import Sender, permits

log = logging.getLogger(__name__)

InvokeLater = Callable[[Any, bytes], None]


class Delivery:
    """Sends to targets in this cloudstage; ``invoke_later`` starts a function without waiting for it."""

    def __init__(self, invoke_later: InvokeLater) -> None:
        self._invoke_later = invoke_later

    def send_for(self, sender: Sender, arn: str, body: str, group_id: str = "") -> None:
        """Deliver ``body`` if the target's policy lets the sender do so."""
        if permits(arn, sender):
            self.send(arn, body, group_id=group_id)
            return
        log.warning(
            "%s got nothing from %s: it is missing, or its policy does not let %s reach it, as AWS requires",
            arn,
            sender.source_arn,
            sender.service,
        )

    def send(
        self, arn: str, body: str, attributes: Mapping[str, str] | None = None, group_id: str = ""
    ) -> None:
        """Deliver ``body`` (JSON text). Failures go to the cloudstage's log: on AWS, no sender knows."""
        service = arn.split(":")[2]
        try:
            match service:
                case "sqs":
                    _to_queue(arn, body, attributes or {}, group_id)
                case "sns":
                    _to_topic(arn, body, attributes or {})
                case "lambda":
                    self._invoke_later(deployed_function(arn), body.encode())
                case _:
                    log.warning("Nothing was delivered to %s: the cloudstage has no such target yet", arn)
        except Exception as error:  # moto raises whatever it likes for a missing target
            log.warning("Nothing was delivered to %s: %s", arn, error)


def deployed_function(arn: str) -> Any:
    """moto's LambdaFunction for ``arn``, which may end with a version or an alias."""
    from moto.awslambda.models import lambda_backends

    region, account_id = arn.split(":")[3:5]
    return lambda_backends[account_id][region].get_function(arn)


def _to_queue(arn: str, body: str, attributes: Mapping[str, str], group_id: str) -> None:
    from moto.sqs.models import sqs_backends

    region, account_id, name = arn.split(":")[3:6]
    sqs_backends[account_id][region].send_message(
        name,
        body,
        message_attributes={
            key: {"DataType": "String", "StringValue": value} for key, value in attributes.items()
        },
        group_id=group_id or None,
    )


def _to_topic(arn: str, body: str, attributes: Mapping[str, str]) -> None:
    from moto.sns.models import sns_backends

    region, account_id = arn.split(":")[3:5]
    sns_backends[account_id][region].publish(
        body,
        arn,
        message_attributes={key: {"Type": "String", "Value": value} for key, value in attributes.items()},
    )
