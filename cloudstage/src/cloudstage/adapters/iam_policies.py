"""A gap in moto's IAM: the policies that AWS itself manages."""

from __future__ import annotations

import functools
import json
from typing import Any

from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import AWSManagedPolicy, IAMBackend

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch

_OF_AWS = "arn:aws:iam::aws:policy/"
_METHODS = (
    "attach_group_policy",
    "attach_role_policy",
    "attach_user_policy",
    "get_policy",
    "get_policy_version",
    "list_policy_versions",
)


@adapter
def aws_managed_policies_exist(patch: Patch) -> None:
    """A policy that AWS manages, such as AWSGlueServiceRole, can be attached and read.

    moto 5.2.5 knows all of them and has none: with its setting it makes all 1300 for each account, which a
    snapshot would hold. Here each is made when it is first named.
    """
    for name in _METHODS:
        patch.replace(IAMBackend, name, _made_before(getattr(IAMBackend, name)))


def _made_before(original: Any) -> Any:
    @functools.wraps(original)
    def method(self: IAMBackend, *args: Any, **kwargs: Any) -> Any:
        for value in (*args, *kwargs.values()):
            if isinstance(value, str) and value.startswith(_OF_AWS) and value not in self.managed_policies:
                _make(self, value)
        return original(self, *args, **kwargs)

    return method


def _make(backend: IAMBackend, arn: str) -> None:
    known = _known().get(arn)
    if known is not None:
        name = arn.rpartition("/")[2]
        policy = AWSManagedPolicy.from_data(name, backend.account_id, backend.region_name, known)
        backend.aws_managed_policies.append(policy)
        backend.managed_policies[arn] = policy


@functools.cache
def _known() -> dict[str, dict[str, Any]]:
    """moto's data of a policy by its ARN."""
    described = json.loads(aws_managed_policies_data)
    return {f"{_OF_AWS}{data.get('Path', '/')[1:]}{name}": data for name, data in described.items()}
