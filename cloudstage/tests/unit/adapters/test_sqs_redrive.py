"""A dead letter queue says which queues may use it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cloudstage.adapters import sqs_redrive

from .gaps import Adapted, with_and_without

POLICY = '{"redrivePermission":"denyAll"}'


@with_and_without(sqs_redrive.redrive_allow_policy_is_told)
def test_the_policy_is_told_until_it_is_removed(client: Callable[[str], Any], adapted: Adapted) -> None:
    sqs = client("sqs")
    queue = sqs.create_queue(QueueName="failed")["QueueUrl"]
    with adapted:
        for names in (["All"], ["RedriveAllowPolicy"]):
            sqs.set_queue_attributes(QueueUrl=queue, Attributes={"RedriveAllowPolicy": POLICY})
            told = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=names)["Attributes"]
            assert told["RedriveAllowPolicy"] == POLICY
            sqs.set_queue_attributes(QueueUrl=queue, Attributes={"RedriveAllowPolicy": ""})
            told = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=names).get("Attributes", {})
            assert "RedriveAllowPolicy" not in told
