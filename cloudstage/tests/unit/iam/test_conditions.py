"""Condition operators, as the IAM user guide describes them."""

from __future__ import annotations

from typing import Any

import pytest

from cloudstage.iam import conditions

CONTEXT = {
    "aws:principaltag/team": ("lake",),
    "aws:sourceip": ("10.1.2.3",),
    "aws:sourcearn": ("arn:aws:s3:::bucket",),
    "aws:currenttime": ("2026-05-01T12:00:00+00:00",),
    "aws:securetransport": ("true",),
    "aws:tagkeys": ("team", "cost"),
    "aws:username": ("anna",),
    "s3:max-keys": ("10",),
    "s3:prefix": ("home/anna/",),
}


@pytest.mark.parametrize(
    ("operator", "key", "wanted", "expected"),
    [
        ("StringEquals", "aws:PrincipalTag/team", "lake", True),
        ("StringEquals", "aws:PrincipalTag/team", ["sea", "lake"], True),
        ("StringEquals", "aws:PrincipalTag/team", "Lake", False),
        ("StringEquals", "aws:PrincipalTag/team", "la*", False),
        ("StringEqualsIgnoreCase", "aws:PrincipalTag/team", "LAKE", True),
        ("StringNotEquals", "aws:PrincipalTag/team", ["sea", "lake"], False),
        ("StringLike", "s3:prefix", "home/*", True),
        ("StringLike", "s3:prefix", "home/${aws:username}/*", True),
        ("StringLike", "s3:prefix", "home/${aws:userid}/*", False),
        ("StringLike", "s3:prefix", "home/${aws:userid, 'anna'}/*", True),
        ("StringLike", "s3:prefix", "home/${*}", False),
        ("StringNotLike", "s3:prefix", "home/*", False),
        ("ArnEquals", "aws:SourceArn", "arn:aws:s3:::*", True),
        ("ArnLike", "aws:SourceArn", "arn:aws:s3:::buck?t", True),
        ("ArnLike", "aws:SourceArn", "arn:*:bucket", False),
        ("ArnNotLike", "aws:SourceArn", "arn:aws:s3:::other", True),
        ("Bool", "aws:SecureTransport", "false", False),
        ("Bool", "aws:SecureTransport", True, True),
        ("NumericLessThanEquals", "s3:max-keys", "10", True),
        ("NumericGreaterThan", "s3:max-keys", 10, False),
        ("DateGreaterThan", "aws:CurrentTime", "2026-01-01T00:00:00Z", True),
        ("DateLessThan", "aws:CurrentTime", "2026-01-01", False),
        ("IpAddress", "aws:SourceIp", ["192.168.0.0/16", "10.0.0.0/8"], True),
        ("NotIpAddress", "aws:SourceIp", "10.0.0.0/8", False),
        ("Null", "aws:username", "true", False),
        ("Null", "aws:MultiFactorAuthAge", "true", True),
        ("ForAllValues:StringEquals", "aws:TagKeys", ["team", "cost", "stage"], True),
        ("ForAllValues:StringEquals", "aws:TagKeys", ["team"], False),
        ("ForAnyValue:StringEquals", "aws:TagKeys", ["team"], True),
        ("ForAnyValue:StringLike", "aws:TagKeys", ["x*"], False),
    ],
)
def test_an_operator_compares_the_requests_value(
    operator: str, key: str, wanted: Any, expected: bool
) -> None:
    assert conditions.met({operator: {key: wanted}}, CONTEXT) is expected


@pytest.mark.parametrize(
    ("operator", "expected"),
    [
        ("StringEquals", False),
        ("StringNotEquals", True),
        ("StringEqualsIfExists", True),
        ("Bool", False),
        ("ForAllValues:StringEquals", True),
        ("ForAnyValue:StringEquals", False),
    ],
)
def test_a_key_that_the_request_does_not_have(operator: str, expected: bool) -> None:
    assert conditions.met({operator: {"aws:SourceVpc": "vpc-1"}}, CONTEXT) is expected


def test_every_operator_and_every_key_must_be_content() -> None:
    both = {"Bool": {"aws:SecureTransport": "true"}, "StringLike": {"s3:prefix": "other/*"}}
    assert not conditions.met(both, CONTEXT)
    keys = {"StringEquals": {"aws:username": "anna", "aws:PrincipalTag/team": "sea"}}
    assert not conditions.met(keys, CONTEXT)


def test_an_operator_that_iam_does_not_have_is_an_error() -> None:
    with pytest.raises(ValueError, match="stringmatches"):
        conditions.met({"StringMatches": {"aws:username": "a"}}, CONTEXT)
