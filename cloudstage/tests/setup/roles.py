"""Roles for what tests deploy."""

from __future__ import annotations

import json
from typing import Any

EVERYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def make_role(iam: Any, name: str, service: str, *statements: dict[str, Any]) -> str:
    """The ARN of a new role that ``service``, such as ``glue``, can take on, and that allows ``statements``."""
    trust = {
        "Effect": "Allow",
        "Principal": {"Service": f"{service}.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document(trust))["Role"]
    if statements:
        iam.put_role_policy(RoleName=name, PolicyName="policy", PolicyDocument=document(*statements))
    return str(role["Arn"])


def document(*statements: dict[str, Any]) -> str:
    """A policy document."""
    return json.dumps({"Version": "2012-10-17", "Statement": statements})
