"""A gap in moto's IAM: the policies that AWS manages."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable
from typing import Any

from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import AWSManagedPolicy, IAMBackend, ManagedPolicy

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch

_ARN_START = "arn:aws:iam::aws:policy/"
_METHODS = (
    "attach_group_policy",
    "attach_role_policy",
    "attach_user_policy",
    "get_policy",
    "get_policy_version",
    "list_policy_versions",
)
"""Methods of moto's backend whose first argument is the ARN of a policy."""


@adapter
def aws_managed_policies_exist(patch: Patch) -> None:
    """AWSLambdaBasicExecutionRole and its like can be attached, read and listed.

    moto 5.2.5 has them all or none: all of them take half a second at every start, and 26 MB of each saved
    state. Here a policy comes into the account when it is first asked for by its ARN; a list of all is made
    for each answer.
    """
    for name in _METHODS:
        patch.replace(IAMBackend, name, _with_policy(getattr(IAMBackend, name)))
    listed = IAMBackend.list_policies

    def list_policies(  # noqa: PLR0913, PLR0917 (moto's signature)
        self: IAMBackend,
        marker: str | None,
        max_items: int,
        only_attached: bool,
        path_prefix: str,
        scope: str,
    ) -> tuple[Iterable[ManagedPolicy], str | None]:
        if only_attached or scope == "Local":
            return listed(self, marker, max_items, only_attached, path_prefix, scope)
        own = () if scope == "AWS" else self.managed_policies.values()
        policies = {policy.arn: policy for policy in (*_all(self), *own)}
        kept = [self.managed_policies.get(arn, policy) for arn, policy in policies.items()]
        return self._filter_attached_policies(kept, marker, max_items, path_prefix)

    patch.replace(IAMBackend, "list_policies", list_policies)


def _with_policy(original: Any) -> Any:
    @functools.wraps(original)
    def method(self: IAMBackend, policy_arn: str, *args: Any, **kwargs: Any) -> Any:
        if policy_arn.startswith(_ARN_START) and policy_arn not in self.managed_policies:
            policy = _find(self, policy_arn)
            if policy:
                self.aws_managed_policies.append(policy)
                self.managed_policies[policy.arn] = policy
        return original(self, policy_arn, *args, **kwargs)

    return method


def _find(backend: IAMBackend, arn: str) -> AWSManagedPolicy | None:
    """One policy, without parsing the megabytes of the others."""
    name = arn.rpartition("/")[2]
    key = f'\n "{name}":'
    start = aws_managed_policies_data.find(key)
    if start < 0:
        return None
    data, _ = json.JSONDecoder().raw_decode(aws_managed_policies_data, start + len(key))
    policy = _policy(backend, name, data)
    return policy if policy.arn == arn else None


def _all(backend: IAMBackend) -> list[AWSManagedPolicy]:
    return [_policy(backend, name, data) for name, data in json.loads(aws_managed_policies_data).items()]


def _policy(backend: IAMBackend, name: str, data: dict[str, Any]) -> AWSManagedPolicy:
    return AWSManagedPolicy.from_data(name, backend.account_id, backend.region_name, data)
