"""Queues keep what Terraform sets, and say it as SQS does."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from cloudstage.adapters import sqs
from cloudstage.adapters.registry import applied

from .gaps import Adapted, with_and_without

POLICY = {"Version": "2012-10-17", "Statement": [{"Sid": "Topic", "Effect": "Allow"}]}
DEAD_LETTERS = "arn:aws:sqs:eu-central-1:123456789012:dead-letters"


@pytest.fixture
def queues(client: Callable[[str], Any]) -> Any:
    queues = client("sqs")
    queues.create_queue(QueueName="dead-letters")
    return queues


def attributes_of(queues: Any, url: str) -> dict[str, str]:
    attributes: dict[str, str] = queues.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])[
        "Attributes"
    ]
    return attributes


def redrive(queues: Any, url: str) -> None:
    policy = json.dumps({"deadLetterTargetArn": DEAD_LETTERS, "maxReceiveCount": 3}, separators=(",", ":"))
    queues.set_queue_attributes(QueueUrl=url, Attributes={"RedrivePolicy": policy})


@with_and_without(sqs.set_queue_attributes_keeps_policy)
def test_setting_one_attribute_keeps_the_policy(queues: Any, adapted: Adapted) -> None:
    with adapted:
        url = queues.create_queue(QueueName="objects", Attributes={"Policy": json.dumps(POLICY)})["QueueUrl"]
        redrive(queues, url)
        assert json.loads(attributes_of(queues, url)["Policy"]) == POLICY


def test_an_empty_policy_removes_it(queues: Any) -> None:
    with applied(sqs.set_queue_attributes_keeps_policy):
        url = queues.create_queue(QueueName="objects", Attributes={"Policy": json.dumps(POLICY)})["QueueUrl"]
        queues.set_queue_attributes(QueueUrl=url, Attributes={"Policy": ""})
        assert "Policy" not in attributes_of(queues, url)


@with_and_without(sqs.redrive_policy_is_compact)
def test_a_redrive_policy_comes_back_as_it_was_set(queues: Any, adapted: Adapted) -> None:
    with adapted:
        url = queues.create_queue(QueueName="objects")["QueueUrl"]
        redrive(queues, url)
        redrive_policy = attributes_of(queues, url)["RedrivePolicy"]
    assert redrive_policy == f'{{"deadLetterTargetArn":"{DEAD_LETTERS}","maxReceiveCount":3}}'
