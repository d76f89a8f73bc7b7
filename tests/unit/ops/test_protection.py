"""What a protected stage refuses, and what it does not."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from ops import project, protection
from ops.accounts import AwsAccount
from ops.deployment import Deployment
from ops.errors import ProtectedError
from ops.terraform.stack import Plan, Stack

PLAN = Plan(Path("saved"), add=1, change=0, destroy=1)


class Removing:
    """A stack whose saved plan removes one resource."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def removals(self, plan: Plan) -> list[tuple[str, str]]:
        assert plan is PLAN
        return [(self.kind, f"module.some.{self.kind}.this")]


def deployment(stage: str, workspace: str = "default") -> Deployment:
    account: Any = AwsAccount("222222222222", "eu-central-1", Path("none"), stage)
    return Deployment(project.load(), stage, workspace, account)


def check(selected: Deployment, kind: str) -> None:
    protection.check(selected, cast("Stack", Removing(kind)), PLAN)


def test_a_protected_stage_is_not_destroyed() -> None:
    with pytest.raises(ProtectedError, match="'default' of the stage 'int' is protected"):
        protection.refuse_destroy(deployment("int"))


@pytest.mark.parametrize("selected", [deployment("dev"), deployment("local"), deployment("int", "we-1-x")])
def test_others_are(selected: Deployment) -> None:
    protection.refuse_destroy(selected)
    check(selected, "aws_s3_bucket")


@pytest.mark.parametrize("kind", ["aws_s3_bucket", "aws_kms_key", "aws_glue_catalog_database"])
def test_a_plan_that_removes_what_holds_data_is_refused(kind: str) -> None:
    with pytest.raises(ProtectedError, match=f"module.some.{kind}.this"):
        check(deployment("int"), kind)


def test_a_plan_that_removes_something_else_is_not() -> None:
    check(deployment("int"), "aws_glue_job")
