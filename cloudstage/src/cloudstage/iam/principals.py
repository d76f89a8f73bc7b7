"""Who calls, and which policies that identity has: read from moto's IAM and STS at each request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from cloudstage.iam import policy
from cloudstage.iam.evaluate import CallerPolicies
from cloudstage.iam.policy import Identity, Policy
from cloudstage.iam.wildcards import Context

PARTITION = "aws"
SERVICE_SESSION = "service"
"""The name of the session in which services act; theirs on AWS are of many kinds."""


@dataclass(frozen=True)
class Caller:
    """An IAM user or the session of a role: its names, policies and the condition keys that describe it."""

    identity: Identity
    policies: CallerPolicies
    context: Context = field(repr=False)


def caller(key_id: str, account_id: str) -> Caller | None:
    """The user or session that the access key belongs to; None if IAM knows no such key."""
    from moto.iam.models import iam_backends
    from moto.sts.models import sts_backends

    session = sts_backends[account_id][PARTITION].get_assumed_role_from_access_key(key_id)
    if session:
        return _session(session)
    user = iam_backends[account_id][PARTITION].get_user_from_access_key_id(key_id)
    return _user(user) if user else None


def find_role(arn_or_name: str, account_id: str) -> Any | None:
    """moto's role; None if there is none."""
    from moto.iam.models import iam_backends

    for role in iam_backends[account_id][PARTITION].roles.values():
        if arn_or_name in (role.arn, role.name):
            return role
    return None


def role_caller(role_arn: str, account_id: str) -> Caller | None:
    """A role as services use it for what they run; None if there is no such role."""
    role = find_role(role_arn, account_id)
    if role is None:
        return None
    arn = f"arn:{PARTITION}:sts::{account_id}:assumed-role/{role.name}/{SERVICE_SESSION}"
    return _with_role(Identity(arn, role.arn, account_id), role, f"{role.id}:{SERVICE_SESSION}", [])


def _session(session: Any) -> Caller:
    role = find_role(session.role_arn, session.account_id)
    identity = Identity(session.arn, session.role_arn, session.account_id)
    limits = [policy.parse("the session's policy", session.policy)] if session.policy else []
    return _with_role(identity, role, session.user_id, limits)


def _with_role(identity: Identity, role: Any | None, user_id: str, limits: list[Policy]) -> Caller:
    """A session of moto's ``role``; the sessions of one that is deleted have no rights any more."""
    policies = CallerPolicies(list(_attached(role)), _boundary(role), limits) if role else CallerPolicies([])
    context = {
        "aws:principaltype": ("AssumedRole",),
        "aws:userid": (user_id,),
        **_tags(role.tags if role else {}),
    }
    return Caller(identity, policies, _identified(identity, context))


def _user(user: Any) -> Caller:
    from moto.iam.models import iam_backends

    backend = iam_backends[user.account_id][PARTITION]
    identity = Identity(user.arn, user.arn, user.account_id)
    own = list(_attached(user))
    for group in backend.get_groups_for_user(user.name):
        own += _attached(group)
    context = {
        "aws:principaltype": ("User",),
        "aws:userid": (user.id,),
        "aws:username": (user.name,),
        **_tags(user.tags or []),
    }
    return Caller(identity, CallerPolicies(own), _identified(identity, context))


def _attached(owner: Any) -> Iterator[Policy]:
    """The policies of a role, user or group: written into it, then attached to it."""
    for name, document in owner.policies.items():
        yield policy.parse(f"{name} of {owner.arn}", document)
    for arn, managed in owner.managed_policies.items():
        yield policy.parse(arn, _default_document(managed))


def _boundary(role: Any) -> Policy | None:
    """The permissions boundary of a role. One that does not exist allows nothing."""
    from moto.iam.exceptions import NotFoundException
    from moto.iam.models import iam_backends

    if not role.permissions_boundary_arn:
        return None
    try:
        managed = iam_backends[role.account_id][PARTITION].get_policy(role.permissions_boundary_arn)
    except NotFoundException:
        return Policy(role.permissions_boundary_arn, ())
    return policy.parse(role.permissions_boundary_arn, _default_document(managed))


def _default_document(managed: Any) -> str:
    document: str = next(version.document for version in managed.versions if version.is_default)
    return document


def _identified(identity: Identity, context: Context) -> Context:
    return {
        **context,
        "aws:principalarn": (identity.principal_arn,),
        "aws:principalaccount": (identity.account_id,),
        "aws:principalisawsservice": ("false",),
    }


def _tags(tags: Mapping[str, Mapping[str, str]] | Iterable[Mapping[str, str]]) -> Context:
    listed = tags.values() if isinstance(tags, Mapping) else tags
    return {f"aws:principaltag/{tag['Key'].lower()}": (tag["Value"],) for tag in listed}
