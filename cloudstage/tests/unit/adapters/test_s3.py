"""Bucket policies hold as they would behind TLS."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudstage.adapters import s3
from cloudstage.adapters.registry import applied

from .gaps import Adapted, with_and_without


def bucket_that_denies(client: Callable[[str], Any], condition: dict[str, Any]) -> Any:
    """A client of the bucket `lake`, whose policy denies everything under the condition."""
    objects = client("s3")
    objects.create_bucket(Bucket="lake", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    statement = {
        "Effect": "Deny",
        "Principal": {"AWS": "*"},
        "Action": "s3:*",
        "Resource": ["arn:aws:s3:::lake", "arn:aws:s3:::lake/*"],
    }
    policy = {"Version": "2012-10-17", "Statement": [statement | condition]}
    objects.put_bucket_policy(Bucket="lake", Policy=json.dumps(policy))
    return objects


@with_and_without(s3.requests_count_as_tls)
def test_a_tls_only_bucket_answers(client: Callable[[str], Any], adapted: Adapted) -> None:
    with adapted:
        objects = bucket_that_denies(client, {"Condition": {"Bool": {"aws:SecureTransport": "false"}}})
        objects.put_object(Bucket="lake", Key="a", Body=b"content")
        assert objects.get_object(Bucket="lake", Key="a")["Body"].read() == b"content"


def test_any_other_denial_stays_one(client: Callable[[str], Any]) -> None:
    with applied(s3.requests_count_as_tls):
        objects = bucket_that_denies(client, {})
        with pytest.raises(ClientError):
            objects.put_object(Bucket="lake", Key="a", Body=b"content")
