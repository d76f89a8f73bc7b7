"""What S3 and Cognito answer to those who do not sign."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from cloudstage.serving.anonymous import may_be_anonymous

ACCOUNT = "123456789012"
READ_ALL = {
    "Effect": "Allow",
    "Principal": "*",
    "Action": "s3:GetObject",
    "Resource": "arn:aws:s3:::lake/public/*",
}
DENY = {**READ_ALL, "Effect": "Deny", "Resource": "arn:aws:s3:::lake/public/not"}


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A bucket that is nobody's but its owner's, with some objects."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "any")
    with mock_aws():
        client = boto3.client("s3", region_name="us-east-1")
        client.create_bucket(Bucket="lake")
        for key in ("public/a", "public/not", "private"):
            client.put_object(Bucket="lake", Key=key, Body=b"body")
        yield client


def allowed(target: str, method: str = "GET", **headers: str) -> bool:
    path, _, query = target.partition("?")
    request = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": "127.0.0.1:1"}
    return may_be_anonymous({**request, **headers}, ACCOUNT)


def allow(s3: Any, *statements: dict[str, Any]) -> None:
    s3.put_bucket_policy(Bucket="lake", Policy=json.dumps({"Version": "2012-10-17", "Statement": statements}))


def test_nothing_is_public_by_itself(s3: Any) -> None:
    for target in ("/", "/lake", "/lake/private", "/lake/public/a", "/lake/missing", "/none", "/none/key"):
        for method in ("GET", "HEAD", "PUT", "POST", "DELETE"):
            assert not allowed(target, method)


@pytest.mark.parametrize("principal", ["*", {"AWS": "*"}, {"AWS": ["arn:aws:iam::1:root", "*"]}])
def test_a_policy_makes_public_what_it_says(s3: Any, principal: Any) -> None:
    allow(s3, {**READ_ALL, "Principal": principal}, DENY)

    assert allowed("/lake/public/a")
    assert allowed("/lake/public/a", "HEAD")
    assert allowed("/public/a", HTTP_HOST="lake.localhost:4566")
    assert not allowed("/lake/private")
    assert not allowed("/lake/public/not")
    assert not allowed("/lake/public/a", "PUT")
    assert not allowed("/lake/public/a", "DELETE")
    assert not allowed("/lake/public/a?acl")
    assert not allowed("/lake/public/a?tagging")
    assert not allowed("/lake?list-type=2")


@pytest.mark.parametrize(
    "statement",
    [
        {**READ_ALL, "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}},
        {**READ_ALL, "Condition": {"IpAddress": {"aws:SourceIp": "192.0.2.1"}}},
        {**READ_ALL, "Action": "s3:PutObject"},
        {**READ_ALL, "Resource": "arn:aws:s3:::lake"},
    ],
)
def test_a_policy_about_others_or_something_else_makes_nothing_public(s3: Any, statement: Any) -> None:
    allow(s3, statement)

    assert not allowed("/lake/public/a")


def test_a_bucket_may_be_listed_and_written_by_everybody(s3: Any) -> None:
    allow(
        s3,
        {**READ_ALL, "Action": ["s3:ListBucket"], "Resource": "arn:aws:s3:::lake"},
        {**READ_ALL, "Action": "s3:Put*", "Resource": "*"},
    )

    assert allowed("/lake?list-type=2&prefix=public/")
    assert not allowed("/lake?policy")
    assert allowed("/lake/upload", "PUT")
    assert not allowed("/lake/upload?acl", "PUT")


def test_an_acl_makes_an_object_public(s3: Any) -> None:
    s3.put_object_acl(Bucket="lake", Key="private", ACL="public-read")

    assert allowed("/lake/private")
    assert not allowed("/lake/private", "PUT")


def test_an_account_may_forbid_what_is_public(s3: Any) -> None:
    allow(s3, READ_ALL)
    s3.put_object_acl(Bucket="lake", Key="private", ACL="public-read")
    block = dict.fromkeys(("IgnorePublicAcls", "RestrictPublicBuckets"), True)
    s3.put_public_access_block(Bucket="lake", PublicAccessBlockConfiguration=block)

    assert not allowed("/lake/public/a")
    assert not allowed("/lake/private")


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("AWSCognitoIdentityProviderService.InitiateAuth", True),
        ("AWSCognitoIdentityService.GetId", True),
        ("AWSCognitoIdentityProviderService.AdminCreateUser", False),
        ("AWSCognitoIdentityProviderService.NoSuchOperation", False),
        ("AWSGlue.GetTables", False),
        ("nonsense", False),
    ],
)
def test_signing_in_at_cognito_needs_no_signature(s3: Any, target: str, expected: bool) -> None:
    assert allowed("/", "POST", HTTP_X_AMZ_TARGET=target) is expected


def test_the_keys_of_a_user_pool_are_public(s3: Any) -> None:
    assert allowed("/eu-central-1_AbC123/.well-known/jwks.json")
    assert not allowed("/eu-central-1_AbC123/.well-known/jwks.json", "POST")


def test_a_preflight_can_not_be_anything_else(s3: Any) -> None:
    asks = {"HTTP_ACCESS_CONTROL_REQUEST_METHOD": "PUT"}

    assert allowed("/lake/private", "OPTIONS", **asks)
    assert not allowed("/", "OPTIONS", **asks, HTTP_X_AMZ_TARGET="AWSGlue.StartJobRun")
    assert not allowed("/lake/private", "OPTIONS", **asks, CONTENT_TYPE="application/x-www-form-urlencoded")
    assert not allowed("/none/key", "OPTIONS", **asks)
