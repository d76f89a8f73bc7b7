"""Gaps in moto's S3."""

from __future__ import annotations

from typing import Any

from moto.iam.access_control import IAMPolicyStatement, PermissionResult

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch


@adapter
def requests_count_as_tls(patch: Patch) -> None:
    """A bucket policy that denies requests without TLS must not deny every request.

    moto 5.2.5 applies a Deny whose Condition it can't evaluate, so that a bucket with the usual TLS-only
    policy answers 403 to everybody. The cloudstage stands in for an endpoint that is reached by TLS, where
    ``aws:SecureTransport`` is true.
    """
    original = IAMPolicyStatement.is_action_permitted

    def is_action_permitted(self: IAMPolicyStatement, *args: Any, **kwargs: Any) -> PermissionResult:
        secure_transport = self._statement.get("Condition", {}).get("Bool", {}).get("aws:SecureTransport")
        if str(secure_transport).lower() == "false":
            return PermissionResult.NEUTRAL
        return original(self, *args, **kwargs)

    patch.replace(IAMPolicyStatement, "is_action_permitted", is_action_permitted)
