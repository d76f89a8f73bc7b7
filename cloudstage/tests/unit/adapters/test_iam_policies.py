"""What AWS manages is there without being made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cloudstage.adapters import iam_policies
from cloudstage.adapters.registry import applied

from .gaps import Adapted, with_and_without

GLUE = "arn:aws:iam::aws:policy/service-role/AWSGlueServiceRole"


@with_and_without(iam_policies.aws_managed_policies_exist)
def test_a_policy_of_aws_is_attached_to_a_role(client: Callable[[str], Any], adapted: Adapted) -> None:
    iam = client("iam")
    iam.create_role(RoleName="job", AssumeRolePolicyDocument="{}")
    with adapted:
        iam.attach_role_policy(RoleName="job", PolicyArn=GLUE)
    (attached,) = iam.list_attached_role_policies(RoleName="job")["AttachedPolicies"]
    assert attached == {"PolicyName": "AWSGlueServiceRole", "PolicyArn": GLUE}


@with_and_without(iam_policies.aws_managed_policies_exist)
def test_a_policy_of_aws_can_be_read(client: Callable[[str], Any], adapted: Adapted) -> None:
    iam = client("iam")
    with adapted:
        policy = iam.get_policy(PolicyArn=GLUE)["Policy"]
        version = iam.get_policy_version(PolicyArn=GLUE, VersionId=policy["DefaultVersionId"])[
            "PolicyVersion"
        ]
    assert "glue:*" in version["Document"]["Statement"][0]["Action"]


def test_a_policy_that_aws_does_not_have_is_not_found(client: Callable[[str], Any]) -> None:
    iam = client("iam")
    with (
        applied(iam_policies.aws_managed_policies_exist),
        pytest.raises(iam.exceptions.NoSuchEntityException),
    ):
        iam.get_policy(PolicyArn="arn:aws:iam::aws:policy/Nothing")
