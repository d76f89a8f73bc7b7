"""AWS with roles enforced, and clients that act as a role."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config

from cloudstage.context import Context
from in_process import aws
from roles import document, make_role

REGION = "eu-west-3"


class Robot:
    """A role that does what a test lets it do."""

    def __init__(self, context: Context, name: str) -> None:
        self._context = context
        self._name = name
        self.arn = make_role(context.client("iam"), name, "lambda")

    def may(self, *statements: dict[str, Any]) -> None:
        """Give it these statements, in place of those before."""
        self._context.client("iam").put_role_policy(
            RoleName=self._name, PolicyName="policy", PolicyDocument=document(*statements)
        )

    def client(self, service: str) -> Any:
        """A client with its credentials, which Lambda would give to a function."""
        settings = self._context.role_environment(self.arn, "lambda.amazonaws.com", "run")
        return boto3.client(
            service,
            region_name=self._context.region,
            endpoint_url=self._context.endpoint,
            aws_access_key_id=settings["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=settings["AWS_SECRET_ACCESS_KEY"],
            aws_session_token=settings["AWS_SESSION_TOKEN"],
            config=Config(retries={"total_max_attempts": 1}),
        )


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    """AWS where roles are enforced; tests use names of their own."""
    with aws(tmp_path_factory.mktemp("iam"), REGION, enforce_roles=True) as context:
        yield context


@pytest.fixture
def robot(cloud: Context, request: pytest.FixtureRequest) -> Iterator[Robot]:
    """A role without any right."""
    name = f"robot-{abs(hash(request.node.nodeid)):x}"
    yield Robot(cloud, name)
    iam = cloud.client("iam")
    for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
        iam.delete_role_policy(RoleName=name, PolicyName=policy)
    for attached in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
        iam.detach_role_policy(RoleName=name, PolicyArn=attached["PolicyArn"])
    iam.delete_role(RoleName=name)


@pytest.fixture(scope="session")
def refused() -> Callable[[Any], str]:
    """What a call is refused with: "action on resource"."""

    def words(call: Any) -> str:
        with pytest.raises(Exception, match="not authorized to perform") as denied:
            call()
        return str(denied.value).split("not authorized to perform: ")[1].split(" because")[0]

    return words
