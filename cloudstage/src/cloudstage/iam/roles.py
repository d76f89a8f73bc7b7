"""The credentials of a role, for code that a service runs in its name."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from typing import Any

import boto3

from cloudstage.errors import CloudstageError
from cloudstage.iam import policy, principals
from cloudstage.iam.policy import Need
from cloudstage.iam.principals import PARTITION

SESSION_SECONDS = 8 * 24 * 3600
"""Longer than any job run, whose credentials AWS renews: a Glue run's longest timeout is seven days."""


_REFUSALS = {
    "glue.amazonaws.com": "Role {} should be given assume role permissions for Glue Service.",
    "lambda.amazonaws.com": "The role defined for the function cannot be assumed by Lambda.",
}
"""What services say of a role that they can't take on."""


class RoleNotAssumableError(CloudstageError):
    """A service can't take on a role: what AWS says of it, and why."""

    def __init__(self, role_arn: str, service: str, reason: str) -> None:
        words = _REFUSALS.get(service, f"{service} is unable to assume the role {{}}.")
        super().__init__(f"{words.format(role_arn)} ({reason})")


def check_assumable(role_arn: str, service: str, account_id: str) -> Any:
    """moto's role if it exists and its trust policy names ``service``, such as ``glue.amazonaws.com``.

    Raises:
        RoleNotAssumableError: if not.
    """
    role = principals.find_role(role_arn, account_id)
    if role is None:
        raise RoleNotAssumableError(role_arn, service, f"there is no role {role_arn}")
    if not trusts(role, service):
        reason = f"the trust policy of {role.arn} does not let {service} do sts:AssumeRole"
        raise RoleNotAssumableError(role_arn, service, reason)
    return role


def trusts(role: Any, service: str) -> bool:
    """Whether the trust policy of moto's ``role`` lets a service assume it."""
    trust = policy.parse(f"the trust policy of {role.arn}", role.assume_role_policy_document)
    need = Need("sts:AssumeRole", role.arn)
    context = {"aws:sourceaccount": (role.account_id,), "aws:principalisawsservice": ("true",)}
    applying = [
        each for each in trust.statements if each.is_for_service(service) and each.applies(need, context)
    ]
    return bool(applying) and all(statement.allows for statement in applying)


def role_credentials(
    role_arn: str, service: str, session_name: str, *, account_id: str, region: str
) -> dict[str, str]:
    """The variables of temporary credentials for code that ``service`` runs as ``role_arn`` (ARN or name).

    Raises:
        RoleNotAssumableError: the service can't take on the role.
    """
    from moto.sts.models import sts_backends

    role = check_assumable(role_arn, service, account_id)
    backend = sts_backends[account_id][PARTITION]
    _forget_expired(backend, account_id)
    session = backend.assume_role(
        region_name=region,
        role_session_name=re.sub(r"[^\w+=,.@-]", "-", session_name)[:64],
        role_arn=role.arn,
        policy="",
        duration=SESSION_SECONDS,
        external_id="",
    )
    return {
        "AWS_ACCESS_KEY_ID": session.access_key_id,
        "AWS_SECRET_ACCESS_KEY": session.secret_access_key,
        "AWS_SESSION_TOKEN": session.session_token,
    }


def client(service: str, environment: Mapping[str, str]) -> Any:
    """A boto3 client of ``service`` with the address and the credentials of a client environment."""
    session = boto3.Session(
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
        aws_session_token=environment.get("AWS_SESSION_TOKEN"),
        region_name=environment["AWS_REGION"],
    )
    return session.client(service, endpoint_url=environment["AWS_ENDPOINT_URL"])


def _forget_expired(backend: Any, account_id: str) -> None:
    """Drop sessions whose credentials are no longer valid: moto keeps them, and the contents would grow."""
    from moto.iam.models import iam_backends

    now = datetime.datetime.now(datetime.UTC)
    keys = iam_backends[account_id][PARTITION].access_keys
    for session in list(backend.assumed_roles):
        if session.expiration.replace(tzinfo=datetime.UTC) < now:
            backend.assumed_roles.remove(session)
            keys.pop(session.access_key.physical_resource_id, None)
