"""Queues keep what Terraform sets, and say it as SQS does."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from cloudstage.adapters import sqs_attributes
from cloudstage.adapters.registry import applied

from .gaps import Adapted, with_and_without

POLICY = {"Version": "2012-10-17", "Statement": [{"Sid": "Topic", "Effect": "Allow"}]}
DEAD_LETTERS = "arn:aws:sqs:eu-central-1:123456789012:dead-letters"


@pytest.fixture
def sqs(client: Callable[[str], Any]) -> Any:
    sqs = client("sqs")
    sqs.create_queue(QueueName="dead-letters")
    return sqs


def attributes_of(sqs: Any, url: str) -> dict[str, str]:
    attributes: dict[str, str] = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    return attributes


def redrive(sqs: Any, url: str) -> None:
    policy = json.dumps({"deadLetterTargetArn": DEAD_LETTERS, "maxReceiveCount": 3}, separators=(",", ":"))
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"RedrivePolicy": policy})


@with_and_without(sqs_attributes.set_queue_attributes_keeps_policy)
def test_setting_one_attribute_keeps_the_policy(sqs: Any, adapted: Adapted) -> None:
    with adapted:
        url = sqs.create_queue(QueueName="objects", Attributes={"Policy": json.dumps(POLICY)})["QueueUrl"]
        redrive(sqs, url)
        assert json.loads(attributes_of(sqs, url)["Policy"]) == POLICY


def test_an_empty_policy_removes_it(sqs: Any) -> None:
    with applied(sqs_attributes.set_queue_attributes_keeps_policy):
        url = sqs.create_queue(QueueName="objects", Attributes={"Policy": json.dumps(POLICY)})["QueueUrl"]
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": ""})
        assert "Policy" not in attributes_of(sqs, url)


@with_and_without(sqs_attributes.redrive_policy_is_compact)
def test_a_redrive_policy_comes_back_as_it_was_set(sqs: Any, adapted: Adapted) -> None:
    with adapted:
        url = sqs.create_queue(QueueName="objects")["QueueUrl"]
        redrive(sqs, url)
        redrive_policy = attributes_of(sqs, url)["RedrivePolicy"]
    assert redrive_policy == f'{{"deadLetterTargetArn":"{DEAD_LETTERS}","maxReceiveCount":3}}'
