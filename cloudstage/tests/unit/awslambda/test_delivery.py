"""What a resource's policy lets a service do."""

from __future__ import annotations

from typing import Any

import pytest

from cloudstage.awslambda import delivery
from cloudstage.awslambda.delivery import Sender, permits

QUEUE = "arn:aws:sqs:eu-central-1:123456789012:q"
TOPIC = Sender("sns.amazonaws.com", "arn:aws:sns:eu-central-1:123456789012:t", "123456789012")
ALLOW: dict[str, Any] = {
    "Effect": "Allow",
    "Principal": {"Service": "sns.amazonaws.com"},
    "Action": "sqs:SendMessage",
    "Resource": QUEUE,
}
DENY = {**ALLOW, "Effect": "Deny", "Principal": "*", "Action": "sqs:*"}


def verdict(monkeypatch: pytest.MonkeyPatch, *statements: dict[str, Any]) -> bool:
    monkeypatch.setattr(delivery, "_policy", lambda _: {"Statement": list(statements)})
    return permits(QUEUE, TOPIC)


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"Principal": "*"},
        {"Principal": {"AWS": "*"}},
        {"Principal": {"Service": ["events.amazonaws.com", "sns.amazonaws.com"]}},
        {"Action": "SQS:SendMessage"},
        {"Action": ["sqs:GetQueueUrl", "sqs:Send*"]},
        {"Resource": "arn:aws:sqs:*:*:q"},
        {"Condition": {"ArnEquals": {"aws:SourceArn": TOPIC.source_arn}}},
        {"Condition": {"ArnLike": {"AWS:SourceArn": ["arn:x", "arn:aws:sns:*:*:t"]}}},
        {"Condition": {"StringEquals": {"aws:SourceAccount": "123456789012"}}},
        {"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}},
    ],
)
def test_allowed(monkeypatch: pytest.MonkeyPatch, changed: dict[str, Any]) -> None:
    assert verdict(monkeypatch, {**ALLOW, **changed})


@pytest.mark.parametrize(
    "changed",
    [
        {"Principal": {"Service": "events.amazonaws.com"}},
        {"Principal": {"AWS": "arn:aws:iam::123456789012:root"}},
        {"Action": "sqs:ReceiveMessage"},
        {"Resource": QUEUE + "2"},
        {"Condition": {"ArnEquals": {"aws:SourceArn": "arn:aws:sns:eu-central-1:123456789012:another"}}},
        {"Condition": {"StringEquals": {"AWS:SourceOwner": "123456789012"}}},
    ],
)
def test_not_allowed(monkeypatch: pytest.MonkeyPatch, changed: dict[str, Any]) -> None:
    assert not verdict(monkeypatch, {**ALLOW, **changed})


def test_no_policy_allows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not verdict(monkeypatch)


def test_a_denial_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not verdict(monkeypatch, ALLOW, DENY)


@pytest.mark.parametrize(
    "condition",
    [{"Bool": {"aws:SecureTransport": "false"}}, {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}],
)
def test_a_denial_on_other_conditions_does_not_count(
    monkeypatch: pytest.MonkeyPatch, condition: dict[str, Any]
) -> None:
    assert verdict(monkeypatch, ALLOW, {**DENY, "Condition": condition})
