"""Hand a message to a queue, a topic, a function or an event bus, if its resource policy permits.

moto delivers everything to everybody, so that a forgotten permission would show on AWS alone, where the
message is dropped. Policies are evaluated as far as resources' policies go; a condition that is not known here
holds where it allows, and does not where it denies.

Source: "Policy evaluation logic" and "IAM JSON policy elements" in the IAM user guide.
"""

from __future__ import annotations

import datetime
import json
import logging
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

log = logging.getLogger(__name__)

InvokeLater = Callable[[str, bytes], object]
Attribute = tuple[str, str]
"""The data type of a message attribute, such as ``Number``, and its value as text."""

ACTIONS = {"lambda": "lambda:InvokeFunction", "sns": "sns:Publish", "sqs": "sqs:SendMessage"}
COMPARING = {"StringEquals", "StringLike", "ArnEquals", "ArnLike", "Bool"}


@dataclass(frozen=True)
class Sender:
    """A service such as ``sns.amazonaws.com``, and what it sends for: a topic, bucket or rule."""

    service: str
    source_arn: str
    account_id: str


def permits(target_arn: str, sender: Sender) -> bool:
    """Whether the policy of the resource ``target_arn`` lets ``sender`` deliver to it. False if it is missing."""
    policy = _policy(target_arn)
    statements = [
        statement
        for statement in _listed(policy.get("Statement"))
        if _applies(statement, target_arn, sender, unknown=statement.get("Effect") == "Allow")
    ]
    effects = [statement.get("Effect") for statement in statements]
    return "Allow" in effects and "Deny" not in effects


def _applies(statement: Mapping[str, Any], target_arn: str, sender: Sender, *, unknown: bool) -> bool:
    action = ACTIONS[target_arn.split(":")[2]].lower()
    return (
        _is_meant(statement.get("Principal"), sender)
        and any(fnmatchcase(action, str(given).lower()) for given in _listed(statement.get("Action")))
        and any(fnmatchcase(target_arn, str(given)) for given in _listed(statement.get("Resource", "*")))
        and _conditions_met(statement.get("Condition") or {}, sender, unknown=unknown)
    )


def _is_meant(principal: Any, sender: Sender) -> bool:
    if isinstance(principal, Mapping):
        return "*" in _listed(principal.get("AWS")) or sender.service in _listed(principal.get("Service"))
    return bool(principal == "*")


def _conditions_met(conditions: Mapping[str, Any], sender: Sender, *, unknown: bool) -> bool:
    values = {
        "aws:sourcearn": sender.source_arn,
        "aws:sourceaccount": sender.account_id,
        "aws:securetransport": "true",
        # Only requests of the account's own users have it.
        "aws:sourceowner": "",
    }
    for operator, wanted in conditions.items():
        for key, patterns in wanted.items():
            if operator.removesuffix("IfExists") not in COMPARING or key.lower() not in values:
                met = unknown
            else:
                value = values[key.lower()]
                met = any(fnmatchcase(value, str(pattern)) for pattern in _listed(patterns))
            if not met:
                return False
    return True


def _listed(value: Any) -> Iterable[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _policy(arn: str) -> dict[str, Any]:
    """The policy of a queue, topic or function; empty if it has none or is not there."""
    service, region, account_id, name = arn.split(":")[2:6]
    match service:
        case "sqs":
            from moto.sqs.models import sqs_backends

            queue = sqs_backends[account_id][region].queues.get(name)
            text = queue.policy if queue else None
        case "sns":
            from moto.sns.models import sns_backends

            topic = sns_backends[account_id][region].topics.get(arn)
            text = topic.policy if topic else None
        case _:
            return _function_policy(arn, region, account_id)
    policy: dict[str, Any] = json.loads(text) if text else {}
    return policy


def _function_policy(arn: str, region: str, account_id: str) -> dict[str, Any]:
    from moto.awslambda.exceptions import UnknownFunctionException
    from moto.awslambda.models import lambda_backends

    try:
        function = lambda_backends[account_id][region].get_function(arn)
    except UnknownFunctionException:
        return {}
    return {"Statement": function.policy.statements}


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
        self,
        arn: str,
        body: str,
        attributes: Mapping[str, Attribute] | None = None,
        group_id: str = "",
        folder: str = "",
    ) -> None:
        """Deliver ``body`` (JSON text), to a bucket as an object in ``folder``.

        Failures go to the cloudstage's log: on AWS, no sender knows.
        """
        service = arn.split(":")[2]
        try:
            match service:
                case "sqs":
                    _to_queue(arn, body, attributes or {}, group_id)
                case "sns":
                    _to_topic(arn, body, attributes or {})
                case "lambda":
                    self._invoke_later(arn, body.encode())
                case "events":
                    _to_bus(arn, body)
                case "s3":
                    _to_bucket(arn, body, folder)
                case _:
                    log.warning("Nothing was delivered to %s: the cloudstage has no such target yet", arn)
        except Exception as error:  # moto raises whatever it likes for a missing target
            log.warning("Nothing was delivered to %s: %s", arn, error)


def deployed_function(arn: str) -> Any:
    """moto's LambdaFunction for ``arn``, which may end with a version or an alias."""
    from moto.awslambda.models import lambda_backends

    region, account_id = arn.split(":")[3:5]
    return lambda_backends[account_id][region].get_function(arn)


def is_bucket(arn: str) -> bool:
    """Whether the destination is a bucket, which gets the payload with the record of its fate."""
    return arn.split(":")[2] == "s3"


def _to_bucket(arn: str, body: str, folder: str) -> None:
    """Keep the record of an invocation under its time, which its text has, too."""
    from moto.s3.models import s3_backends

    moment = datetime.datetime.fromisoformat(json.loads(body)["timestamp"])
    key = f"{folder}/{moment:%Y/%m/%d/%Y-%m-%dT%H.%M.%S}-{uuid.uuid4()}"
    bucket_name = arn.rpartition(":")[2]
    for account in list(s3_backends.values()):
        backend = account[arn.split(":")[1]]
        if bucket_name in backend.buckets:
            backend.put_object(bucket_name, key, body.encode())
            return
    raise LookupError(f"there is no bucket {bucket_name}")


def _to_queue(arn: str, body: str, attributes: Mapping[str, Attribute], group_id: str) -> None:
    from moto.sqs.models import sqs_backends

    region, account_id, queue = arn.split(":")[3:6]
    sqs_backends[account_id][region].send_message(
        queue,
        body,
        message_attributes={
            name: {"DataType": kind, "StringValue": value} for name, (kind, value) in attributes.items()
        },
        group_id=group_id or None,
    )


def _to_topic(arn: str, body: str, attributes: Mapping[str, Attribute]) -> None:
    from moto.sns.models import sns_backends

    region, account_id = arn.split(":")[3:5]
    sns_backends[account_id][region].publish(
        body,
        arn,
        message_attributes={
            name: {"Type": kind, "Value": value} for name, (kind, value) in attributes.items()
        },
    )


def _to_bus(arn: str, body: str) -> None:
    """Put the record of an invocation, which is all that Lambda sends to event buses."""
    from moto.events.models import events_backends

    region, account_id = arn.split(":")[3:5]
    context = json.loads(body)["requestContext"]
    result = "Success" if context["condition"] == "Success" else "Failure"
    event = {
        "Source": "lambda",
        "DetailType": f"Lambda Function Invocation Result - {result}",
        "Resources": [arn, context["functionArn"]],
        "Detail": body,
        "EventBusName": arn,
    }
    events_backends[account_id][region].put_events([event])
