"""SNS refuses what it refuses on AWS."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudstage.adapters import sns_refusals

from .gaps import Adapted, with_and_without

TOPIC = "arn:aws:sns:eu-central-1:123456789012:topic"


@with_and_without(sns_refusals.malformed_topic_arns_are_refused)
def test_an_arn_has_six_parts(client: Callable[[str], Any], adapted: Adapted) -> None:
    sns = client("sns")
    with adapted:
        with pytest.raises(ClientError, match="Reason: An ARN must have at least 6 elements, not 1"):
            sns.get_topic_attributes(TopicArn="topic")
        with pytest.raises(ClientError, match="Reason: An ARN must have at least 6 elements, not 2"):
            sns.publish(TopicArn="topic:t", Message="m")


@with_and_without(sns_refusals.refused_subscriptions_leave_nothing)
def test_an_illegal_filter_leaves_no_subscription(client: Callable[[str], Any], adapted: Adapted) -> None:
    sns = client("sns")
    sns.create_topic(Name="topic")
    with adapted, pytest.raises(ClientError, match="Attributes Reason: FilterPolicy: failed to parse JSON"):
        sns.subscribe(
            TopicArn=TOPIC, Protocol="email", Endpoint="a@b.c", Attributes={"FilterPolicy": "invalid"}
        )
    assert sns.list_subscriptions()["Subscriptions"] == []


@with_and_without(sns_refusals.refused_subscriptions_leave_nothing)
def test_a_missing_subscription_has_no_attributes(client: Callable[[str], Any], adapted: Adapted) -> None:
    with adapted, pytest.raises(ClientError, match="Subscription does not exist"):
        client("sns").set_subscription_attributes(
            SubscriptionArn=f"{TOPIC}:s", AttributeName="FilterPolicy", AttributeValue="{}"
        )
