"""A topic's attributes are returned."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cloudstage.adapters import sns_topic_attributes

from .gaps import Adapted, with_and_without


@with_and_without(sns_topic_attributes.attributes_are_returned)
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
