"""What the operations need of services whose requests name one resource by a parameter.

Source: the tables "Resource types defined by ..." in the Service Authorization Reference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from cloudstage.iam.policy import Need
from cloudstage.iam.requests import keys
from cloudstage.iam.requests.call import Call

Name = Callable[[str], str]


def _last(separator: str) -> Name:
    return lambda value: value.rpartition(separator)[2]


def _stripped(value: str) -> str:
    return value.lstrip("/")


PARAMETERS: dict[str, dict[str, str]] = {
    "cloudwatch": {"AlarmName": "alarm:{}", "ResourceARN": "{}"},
    "dynamodb": {
        "TableName": "table/{}",
        "ResourceArn": "{}",
        "SourceTableName": "table/{}",
        "TargetTableName": "table/{}",
        "StreamArn": "{}",
    },
    "ecr": {"repositoryName": "repository/{}", "resourceArn": "{}"},
    "firehose": {"DeliveryStreamName": "deliverystream/{}"},
    "kinesis": {
        "ConsumerARN": "{}",
        "StreamARN": "{}",
        "ResourceARN": "{}",
        "StreamName": "stream/{}",
    },
    "sns": {"TopicArn": "{}", "TargetArn": "{}", "ResourceArn": "{}", "Name": "{}"},
    "sqs": {"QueueUrl": "{}", "QueueName": "{}", "SourceArn": "{}"},
    "states": {
        "stateMachineArn": "{}",
        "executionArn": "{}",
        "activityArn": "{}",
        "resourceArn": "{}",
    },
}
"""Service → parameter → resource part of the ARN; the first parameter given counts. A value may be an ARN itself."""
_NEW = {"CreateActivity": "activity", "CreateStateMachine": "stateMachine"}
"""Operations of Step Functions on something that has no ARN yet."""
_NAMES: dict[str, Name] = {"QueueUrl": _last("/")}
_ACTIONS = {
    "sns:PublishBatch": "sns:Publish",
    "sqs:ChangeMessageVisibilityBatch": "sqs:ChangeMessageVisibility",
    "sqs:DeleteMessageBatch": "sqs:DeleteMessage",
    "sqs:SendMessageBatch": "sqs:SendMessage",
}
"""The actions whose names are not their operations' names."""
_KEY_USES = {
    "sns:Publish": ("GenerateDataKey", "Decrypt"),
    "sqs:ReceiveMessage": ("Decrypt",),
    "sqs:SendMessage": ("GenerateDataKey", "Decrypt"),
}


def needs(call: Call) -> Iterator[Need]:
    """What the call needs to be allowed."""
    action = f"{call.service}:{call.operation}"
    action = _ACTIONS.get(action, action)
    yield Need(action, _resource(call), _metric_context(call))
    yield from _encryption_needs(call, action)


def _resource(call: Call) -> str | None:
    if kind := _NEW.get(call.operation):
        return call.arn(f"{kind}:{call.text('name')}")
    for parameter, pattern in PARAMETERS[call.service].items():
        value = call.text(parameter)
        if value:
            name = _NAMES.get(parameter, str)(value)
            return name if name.startswith("arn:") else call.arn(pattern.format(name))
    return None


def _metric_context(call: Call) -> Mapping[str, tuple[str, ...]]:
    namespace = call.text("Namespace", "namespace")
    return {"cloudwatch:namespace": (namespace,)} if namespace else {}


def _encryption_needs(call: Call, action: str) -> Iterator[Need]:
    """The key of an encrypted queue or topic, which the sender uses, and who receives."""
    used = _KEY_USES.get(action)
    arn = _resource(call) if used else None
    if not used or not arn:
        return
    key_id, context_key = _key_of(call, arn)
    for each in used:
        yield from keys.needs(call, each, key_id, call.service, {context_key: (arn,)})


def _key_of(call: Call, arn: str) -> tuple[str | None, str]:
    if call.service == "sqs":
        from moto.sqs.models import sqs_backends

        queue: Any = sqs_backends[call.account_id][call.region].queues.get(arn.rpartition(":")[2])
        return getattr(queue, "kms_master_key_id", None), "kms:encryptioncontext:aws:sqs:arn"
    from moto.sns.models import sns_backends

    topic: Any = sns_backends[call.account_id][call.region].topics.get(arn)
    return getattr(topic, "kms_master_key_id", None), "kms:encryptioncontext:aws:sns:topicarn"
