"""A policy document, and which requests its statements are about.

Source: "IAM JSON policy elements reference" in the IAM user guide.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from cloudstage.iam import conditions, wildcards
from cloudstage.iam.conditions import as_texts
from cloudstage.iam.wildcards import Context


@dataclass(frozen=True)
class Need:
    """One thing that a request needs to be allowed.

    Attributes:
        action: such as ``s3:GetObject``.
        resource: an ARN; ``*`` for an action that is about no resource. None if it is about one that the
            cloudstage can't name: then a statement allows it on whichever resource, so that nothing is denied
            that AWS allows.
        context: the condition keys that this action adds to those of every request.
    """

    action: str
    resource: str | None
    context: Context = field(default_factory=dict, hash=False)


class Mention(Enum):
    """How a resource's policy names a caller."""

    NOT = auto()
    ACCOUNT = auto()
    """As a part of its account: the caller's own policies decide."""
    BY_NAME = auto()


@dataclass(frozen=True)
class Identity:
    """The names of a caller: the ARN of its session or user, of its role (or user), and its account."""

    arn: str
    principal_arn: str
    account_id: str


@dataclass(frozen=True)
class Statement:
    """One statement. Tuples are None where the document has the opposite element (``NotAction`` etc.)."""

    allows: bool
    actions: tuple[str, ...]
    about_other_actions: bool
    resources: tuple[str, ...]
    about_other_resources: bool
    principal: Any
    not_principal: Any
    condition: Mapping[str, Mapping[str, Any]]

    def applies(self, need: Need, context: Context) -> bool:
        """Whether it is about the action and the resource, and its condition holds. The principal is not looked at."""
        return (
            self._is_about_action(need.action)
            and self._is_about_resource(need.resource, context)
            and conditions.met(self.condition, context)
        )

    def mentions(self, identity: Identity) -> Mention:
        """How the statement of a resource's policy names the caller."""
        if self.not_principal is not None:
            named = _mention(self.not_principal, identity)
            return Mention.BY_NAME if named is Mention.NOT else Mention.NOT
        return _mention(self.principal, identity)

    def is_for_service(self, service: str) -> bool:
        """Whether the principal is a service such as ``glue.amazonaws.com``, or everybody."""
        if isinstance(self.principal, Mapping):
            names = as_texts(self.principal.get("Service"))
            return service in names or "*" in names or "*" in as_texts(self.principal.get("AWS"))
        return bool(self.principal == "*")

    def _is_about_action(self, action: str) -> bool:
        named = any(wildcards.matches(each, action, {}, ignore_case=True) for each in self.actions)
        return named != self.about_other_actions

    def _is_about_resource(self, resource: str | None, context: Context) -> bool:
        if resource is None:
            return self.allows or (not self.about_other_resources and "*" in self.resources)
        named = any(wildcards.matches(each, resource, context) for each in self.resources)
        return named != self.about_other_resources


@dataclass(frozen=True)
class Policy:
    """The statements of a document, and the name by which a person finds it."""

    name: str
    statements: tuple[Statement, ...]


@functools.lru_cache(maxsize=1024)
def parse(name: str, document: str) -> Policy:
    """The policy in a JSON document; the same document is parsed once.

    Raises:
        ValueError: it is not JSON.
    """
    return from_document(name, json.loads(document))


def from_document(name: str, document: Mapping[str, Any]) -> Policy:
    """The policy in a document that is parsed already."""
    statements = document.get("Statement") or []
    listed = statements if isinstance(statements, list) else [statements]
    return Policy(name, tuple(_statement(each) for each in listed))


def _statement(source: Mapping[str, Any]) -> Statement:
    about_other_actions, about_other_resources = "NotAction" in source, "NotResource" in source
    return Statement(
        allows=source.get("Effect") == "Allow",
        actions=as_texts(source.get("NotAction" if about_other_actions else "Action")),
        about_other_actions=about_other_actions,
        # A role's trust policy and a function's policy need no Resource: they are about what they belong to.
        resources=as_texts(source.get("NotResource" if about_other_resources else "Resource", "*")),
        about_other_resources=about_other_resources,
        principal=source.get("Principal"),
        not_principal=source.get("NotPrincipal"),
        condition=source.get("Condition") or {},
    )


def _mention(principal: Any, identity: Identity) -> Mention:
    if principal == "*":
        return Mention.BY_NAME
    if not isinstance(principal, Mapping):
        return Mention.NOT
    names = set(as_texts(principal.get("AWS")))
    if names & {"*", identity.arn, identity.principal_arn}:
        return Mention.BY_NAME
    partition = identity.arn.split(":")[1]
    if names & {identity.account_id, f"arn:{partition}:iam::{identity.account_id}:root"}:
        return Mention.ACCOUNT
    return Mention.NOT
