"""A run does everything with its role's credentials: fetch its script, call AWS, log."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

import pytest

from cloudstage import glue
from in_process import aws
from roles import document, make_role

from .conftest import SETTINGS
from .stage import GlueStage

REGION = "eu-north-1"
SCRIPT = """
    import boto3
    boto3.client("s3").put_object(Bucket="deployed-here", Key="out/who", Body=b"")
    print(boto3.client("sts").get_caller_identity()["Arn"])
"""
FETCH = {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "arn:aws:s3:::deployed-here/job*"}
WRITE = {"Effect": "Allow", "Action": ["s3:PutObject"], "Resource": "arn:aws:s3:::deployed-here/out/*"}
LOG = {"Effect": "Allow", "Action": ["logs:*"], "Resource": "*"}


class Enforced(GlueStage):
    """A stage where roles are enforced."""

    def make_bucket(self) -> None:
        self.bucket = "deployed-here"
        super().make_bucket()

    def role(self, name: str, *statements: dict[str, Any]) -> str:
        return str(make_role(self.context.client("iam"), name, "glue", *statements))


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Enforced]:
    install = functools.partial(glue.install, settings=SETTINGS)
    with aws(tmp_path_factory.mktemp("stage"), REGION, install, enforce_roles=True) as context:
        yield Enforced(context)


def test_a_run_has_the_rights_of_its_role(stage: Enforced) -> None:
    run = stage.ended(stage.job(SCRIPT, Role=stage.role("writer", FETCH, WRITE, LOG)))
    assert run["JobRunState"] == "SUCCEEDED", run
    logs = stage.context.client("logs")
    stream = f"{run['Id']}-driver"
    events = logs.get_log_events(logGroupName="/aws-glue/jobs/output", logStreamName=stream)["events"]
    said = [event["message"] for event in events]
    assert said == ["arn:aws:sts::123456789012:assumed-role/writer/GlueJobRunnerSession"]


def test_a_run_that_writes_where_it_may_not_fails_as_on_aws(stage: Enforced) -> None:
    run = stage.ended(stage.job(SCRIPT, Role=stage.role("reader", FETCH)))
    assert run["JobRunState"] == "FAILED"
    assert "is not authorized to perform: s3:PutObject on resource" in run["ErrorMessage"]


def test_a_run_that_may_not_read_its_script_does_not_start(stage: Enforced) -> None:
    run = stage.ended(stage.job(SCRIPT, Role=stage.role("blind", WRITE)))
    assert run["JobRunState"] == "FAILED"
    assert "ScriptLocation" in run["ErrorMessage"]


def test_a_run_without_a_role_that_trusts_glue_fails(stage: Enforced) -> None:
    trust = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    iam = stage.context.client("iam")
    arn = iam.create_role(RoleName="strange", AssumeRolePolicyDocument=document(trust))["Role"]["Arn"]
    run = stage.ended(stage.job(SCRIPT, Role=arn))
    assert run["JobRunState"] == "FAILED"
    assert f"Role {arn} should be given assume role permissions for Glue Service." in run["ErrorMessage"]
