"""Topics and subscriptions are described as on AWS."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from cloudstage.adapters import sns_attributes

from .gaps import Adapted, with_and_without


@with_and_without(sns_attributes.delivery_policies_are_as_set)
def test_a_topic_has_no_policy_that_nobody_set(client: Callable[[str], Any], adapted: Adapted) -> None:
    sns = client("sns")
    with adapted:
        topic = sns.create_topic(Name="topic")["TopicArn"]
        described = sns.get_topic_attributes(TopicArn=topic)["Attributes"]
        sns.set_topic_attributes(TopicArn=topic, AttributeName="DeliveryPolicy", AttributeValue="{}")
        changed = sns.get_topic_attributes(TopicArn=topic)["Attributes"]
    assert "DeliveryPolicy" not in described
    assert changed["DeliveryPolicy"] == "{}"
    effective = json.loads(described["EffectiveDeliveryPolicy"])["http"]
    assert effective["defaultHealthyRetryPolicy"]["numRetries"] == 3


@with_and_without(sns_attributes.subscriptions_name_their_principal)
def test_a_subscription_names_its_principal(client: Callable[[str], Any], adapted: Adapted) -> None:
    sns, sqs = client("sns"), client("sqs")
    topic = sns.create_topic(Name="topic")["TopicArn"]
    sqs.create_queue(QueueName="q")
    with adapted:
        arn = sns.subscribe(
            TopicArn=topic, Protocol="sqs", Endpoint="arn:aws:sqs:eu-central-1:123456789012:q"
        )["SubscriptionArn"]
    attributes = sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
    assert attributes["SubscriptionPrincipal"] == "arn:aws:iam::123456789012:user/moto"


@with_and_without(sns_attributes.attributes_are_returned)
def test_what_was_set_is_returned(client: Callable[[str], Any], adapted: Adapted) -> None:
    sns = client("sns")
    arn = sns.create_topic(Name="t", Attributes={"TracingConfig": "Active"})["TopicArn"]
    role = "arn:aws:iam::123456789012:role/feedback"
    sns.set_topic_attributes(TopicArn=arn, AttributeName="SQSFailureFeedbackRoleArn", AttributeValue=role)
    with adapted:
        attributes = sns.get_topic_attributes(TopicArn=arn)["Attributes"]
    assert attributes["TracingConfig"] == "Active"
    assert attributes["SQSFailureFeedbackRoleArn"] == role
    assert "ArchivePolicy" not in attributes
