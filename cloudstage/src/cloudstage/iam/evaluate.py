"""The decision about one need of a request.

Callers and resources belong to one account. There, an explicit deny anywhere wins; then an allow by a policy of
the caller's or by a resource's policy that names the caller is enough, except for keys and roles, whose own
policy must agree. A permissions boundary and session policies limit what the caller's own policies allow.

Source: "Policy evaluation logic" in the IAM user guide, and "Determining access to AWS KMS keys".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cloudstage.iam.policy import Identity, Mention, Need, Policy, Statement
from cloudstage.iam.wildcards import Context


@dataclass(frozen=True)
class CallerPolicies:
    """The policies of a caller: its own, and what limits them."""

    own: Sequence[Policy]
    boundary: Policy | None = None
    session: Sequence[Policy] = ()


@dataclass(frozen=True)
class ResourcePolicy:
    """The policy of a resource; ``must_agree`` if nothing is allowed without it (a key, a role)."""

    policy: Policy
    must_agree: bool = False


@dataclass(frozen=True)
class Decision:
    """Whether a need is allowed; if not, why, in AWS's words, and the policy that denied it explicitly."""

    allowed: bool
    reason: str = ""
    denied_by: str | None = None


ALLOWED = Decision(True)


def decide(
    need: Need,
    context: Context,
    identity: Identity,
    caller: CallerPolicies,
    resource: ResourcePolicy | None = None,
) -> Decision:
    """Decide about ``need``; ``context`` has the keys of the request and of the need."""
    kinds: list[tuple[str, Sequence[Policy]]] = [
        ("an identity-based policy", caller.own),
        ("a permissions boundary", [caller.boundary] if caller.boundary else []),
        ("a session policy", caller.session),
    ]
    for kind, policies in kinds:
        for policy in policies:
            if any(not each.allows and each.applies(need, context) for each in policy.statements):
                return Decision(False, f"with an explicit deny in {kind}", policy.name)
    named = _by_resource(need, context, identity, resource)
    if named is None and resource:
        return Decision(False, "with an explicit deny in a resource-based policy", resource.policy.name)
    return _without_deny(need, context, caller, resource, named or Mention.NOT)


def _without_deny(
    need: Need, context: Context, caller: CallerPolicies, resource: ResourcePolicy | None, named: Mention
) -> Decision:
    if resource and resource.must_agree and named is Mention.NOT:
        return _nothing_allows(need, "resource-based policy")
    if named is Mention.BY_NAME:
        return ALLOWED if _session_allows(need, context, caller) else _nothing_allows(need, "session policy")
    if not _any_allows(caller.own, need, context):
        return _nothing_allows(need, "identity-based policy")
    if caller.boundary and not _any_allows([caller.boundary], need, context):
        return _nothing_allows(need, "permissions boundary")
    if not _session_allows(need, context, caller):
        return _nothing_allows(need, "session policy")
    return ALLOWED


def _by_resource(
    need: Need, context: Context, identity: Identity, resource: ResourcePolicy | None
) -> Mention | None:
    """How the resource's policy allows the need; None if it denies it explicitly."""
    applying: list[tuple[Statement, Mention]] = []
    for statement in resource.policy.statements if resource else ():
        mention = statement.mentions(identity)
        if mention is not Mention.NOT and statement.applies(need, context):
            applying.append((statement, mention))
    if any(not statement.allows for statement, _ in applying):
        return None
    mentions = [mention for _, mention in applying]
    if Mention.BY_NAME in mentions:
        return Mention.BY_NAME
    return Mention.ACCOUNT if mentions else Mention.NOT


def _session_allows(need: Need, context: Context, caller: CallerPolicies) -> bool:
    return not caller.session or _any_allows(caller.session, need, context)


def _any_allows(policies: Sequence[Policy], need: Need, context: Context) -> bool:
    return any(
        statement.allows and statement.applies(need, context)
        for policy in policies
        for statement in policy.statements
    )


def _nothing_allows(need: Need, kind: str) -> Decision:
    return Decision(False, f"because no {kind} allows the {need.action} action")
