"""What moto's S3 asks of a bucket's policy, answered by this package.

moto asks while it answers a request: by the HTTP method and without the caller. Callers with policies of their own
have been decided about by then, but for the objects of a ``DeleteObjects``, which are refused one by one.
"""

from __future__ import annotations

from collections.abc import Set
from contextvars import ContextVar
from typing import Any

from cloudstage.context import Context
from cloudstage.iam import evaluate, resource_policies
from cloudstage.iam.evaluate import CallerPolicies
from cloudstage.iam.policy import Identity, Need, Policy, from_document
from cloudstage.patching import Patch

denied_objects: ContextVar[Set[str]] = ContextVar("denied_objects", default=frozenset())
"""The ARNs of the objects that the request which is being answered may not delete."""
_EVERYTHING = from_document(
    "the administrator", {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
)
_NOTHING = Policy("nobody", ())
_NOBODY = Identity("arn:aws:sts::anonymous", "anonymous", "anonymous")


def install(context: Context, patch: Patch) -> None:
    """Answer for moto's buckets."""
    from moto.iam.access_control import PermissionResult
    from moto.s3.models import FakeBucket

    from cloudstage.iam.authorization import current_caller, every_requests_keys

    administrator = f"arn:aws:iam::{context.account_id}:root"
    root = Identity(administrator, administrator, context.account_id)

    def get_permission(bucket: Any, action: str, resource: str) -> PermissionResult:
        if resource in denied_objects.get():
            return PermissionResult.DENIED
        if current_caller.get() is not None or bucket.policy is None:
            return PermissionResult.NEUTRAL
        need = Need(action, resource)
        keys = every_requests_keys(context.account_id, context.region)
        policy = resource_policies.find(need, context.account_id)
        if not evaluate.decide(need, keys, root, CallerPolicies([_EVERYTHING]), policy).allowed:
            return PermissionResult.DENIED
        public = evaluate.decide(need, keys, _NOBODY, CallerPolicies([_NOTHING]), policy).allowed
        return PermissionResult.PERMITTED if public else PermissionResult.NEUTRAL

    patch.replace(FakeBucket, "get_permission", get_permission)
