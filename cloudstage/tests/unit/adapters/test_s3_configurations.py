"""Configurations of buckets, with moto as it is and with the adapters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudstage.adapters import s3_configurations

from .gaps import Adapted, with_and_without

BUCKET = "configured"
QUEUE = "arn:aws:sqs:eu-central-1:123456789012:created"


@pytest.fixture
def s3(client: Callable[[str], Any]) -> Any:
    client("sqs").create_queue(QueueName="created")
    s3 = client("s3")
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    return s3


def announce(s3: Any, **configuration: Any) -> None:
    s3.put_bucket_notification_configuration(Bucket=BUCKET, NotificationConfiguration=configuration)


@with_and_without(s3_configurations.configurations_by_id_are_kept)
def test_deleting_a_configuration_leaves_the_bucket(s3: Any, adapted: Adapted) -> None:
    with adapted:
        for name in ("logs", "data"):
            configuration = {"Id": name, "Filter": {"Prefix": f"{name}/"}}
            s3.put_bucket_metrics_configuration(Bucket=BUCKET, Id=name, MetricsConfiguration=configuration)
        listed = s3.list_bucket_metrics_configurations(Bucket=BUCKET)["MetricsConfigurationList"]
        s3.delete_bucket_metrics_configuration(Bucket=BUCKET, Id="data")
        with pytest.raises(ClientError, match="NoSuchConfiguration"):
            s3.delete_bucket_metrics_configuration(Bucket=BUCKET, Id="data")
        kept = s3.get_bucket_metrics_configuration(Bucket=BUCKET, Id="logs")["MetricsConfiguration"]
        s3.head_bucket(Bucket=BUCKET)

    assert [configuration["Id"] for configuration in listed] == ["data", "logs"]
    assert kept == {"Id": "logs", "Filter": {"Prefix": "logs/"}}


@with_and_without(s3_configurations.lacking_configurations_leave_the_bucket_alone)
def test_a_configuration_that_is_lacking_is_refused(s3: Any, adapted: Adapted) -> None:
    with adapted:
        with pytest.raises(ClientError, match="NotImplemented"):
            s3.delete_bucket_metadata_table_configuration(Bucket=BUCKET)
        s3.head_bucket(Bucket=BUCKET)


@with_and_without(s3_configurations.filter_names_have_any_case)
def test_the_name_of_a_filter_may_be_capital(s3: Any, adapted: Adapted) -> None:
    rules = [{"Name": "Prefix", "Value": "raw/"}, {"Name": "suffix", "Value": ""}]
    queue = {"QueueArn": QUEUE, "Events": ["s3:ObjectCreated:*"], "Filter": {"Key": {"FilterRules": rules}}}
    with adapted:
        announce(s3, QueueConfigurations=[queue])
        returned = s3.get_bucket_notification_configuration(Bucket=BUCKET)["QueueConfigurations"][0]

    assert returned["Filter"]["Key"]["FilterRules"] == [rules[0], {"Name": "Suffix", "Value": ""}]


@with_and_without(s3_configurations.filter_names_have_any_case)
def test_a_filter_with_a_capital_name_filters(
    s3: Any, client: Callable[[str], Any], adapted: Adapted
) -> None:
    rules = [{"Name": "Prefix", "Value": "raw/"}]
    queue = {"QueueArn": QUEUE, "Events": ["s3:ObjectCreated:*"], "Filter": {"Key": {"FilterRules": rules}}}
    with adapted:
        announce(s3, QueueConfigurations=[queue])
        for key in ("raw/a", "other/b"):
            s3.put_object(Bucket=BUCKET, Key=key, Body=b"x")
    sqs = client("sqs")
    url = sqs.get_queue_url(QueueName="created")["QueueUrl"]
    bodies = [
        message["Body"] for message in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    ]
    assert len([body for body in bodies if "ObjectCreated:Put" in body]) == 1


@with_and_without(s3_configurations.event_bridge_is_named)
def test_a_bucket_says_that_it_announces_to_event_bridge(s3: Any, adapted: Adapted) -> None:
    with adapted:
        announce(s3, EventBridgeConfiguration={})
        assert "EventBridgeConfiguration" in s3.get_bucket_notification_configuration(Bucket=BUCKET)
