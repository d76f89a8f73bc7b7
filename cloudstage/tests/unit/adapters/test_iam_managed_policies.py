"""The policies that AWS manages are there, and cost nothing until they are used."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto.iam.models import iam_backends

from cloudstage.adapters import iam_managed_policies

from .gaps import Adapted, with_and_without

BASIC = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
GLUE = "arn:aws:iam::aws:policy/service-role/AWSGlueServiceRole"


@with_and_without(iam_managed_policies.aws_managed_policies_exist)
def test_one_can_be_attached_to_a_role(client: Callable[[str], Any], adapted: Adapted) -> None:
    iam = client("iam")
    iam.create_role(RoleName="job", AssumeRolePolicyDocument="{}")
    with adapted:
        iam.attach_role_policy(RoleName="job", PolicyArn=GLUE)
        attached = iam.list_attached_role_policies(RoleName="job")["AttachedPolicies"]
        assert attached == [{"PolicyName": "AWSGlueServiceRole", "PolicyArn": GLUE}]
        iam.detach_role_policy(RoleName="job", PolicyArn=GLUE)
        assert not iam.list_attached_role_policies(RoleName="job")["AttachedPolicies"]


@with_and_without(iam_managed_policies.aws_managed_policies_exist)
def test_one_can_be_read(client: Callable[[str], Any], adapted: Adapted) -> None:
    iam = client("iam")
    with adapted:
        policy = iam.get_policy(PolicyArn=BASIC)["Policy"]
        version = iam.get_policy_version(PolicyArn=BASIC, VersionId=policy["DefaultVersionId"])
    allowed = version["PolicyVersion"]["Document"]["Statement"][0]["Action"]
    assert sorted(allowed) == ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]


@with_and_without(iam_managed_policies.aws_managed_policies_exist)
def test_all_are_listed(client: Callable[[str], Any], adapted: Adapted) -> None:
    iam = client("iam")
    with adapted:
        pages = iam.get_paginator("list_policies").paginate(Scope="AWS", PaginationConfig={"PageSize": 1000})
        arns = [policy["Arn"] for page in pages for policy in page["Policies"]]
    assert {BASIC, GLUE} <= set(arns)
    assert len(arns) == len(set(arns))


@with_and_without(iam_managed_policies.aws_managed_policies_exist)
def test_one_that_aws_does_not_have_is_refused(client: Callable[[str], Any], adapted: Adapted) -> None:
    iam = client("iam")
    iam.create_role(RoleName="job", AssumeRolePolicyDocument="{}")
    with adapted:
        iam.attach_role_policy(RoleName="job", PolicyArn=BASIC)
        with pytest.raises(ClientError, match="NoSuchEntity"):  # it has another path
            iam.attach_role_policy(RoleName="job", PolicyArn="arn:aws:iam::aws:policy/AWSGlueServiceRole")


@with_and_without(iam_managed_policies.aws_managed_policies_exist)
def test_the_account_keeps_only_those_in_use(client: Callable[[str], Any], adapted: Adapted) -> None:
    iam = client("iam")
    iam.create_role(RoleName="job", AssumeRolePolicyDocument="{}")
    with adapted:
        iam.list_policies(Scope="AWS")
        iam.attach_role_policy(RoleName="job", PolicyArn=BASIC)
        kept = iam_backends["123456789012"]["aws"].managed_policies
    assert list(kept) == [BASIC]
    assert len(pickle.dumps(kept[BASIC])) < 10_000
