"""Gaps in moto's S3."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import quote_plus

from moto.iam.access_control import IAMPolicyStatement, PermissionResult
from moto.s3 import notifications
from moto.s3.models import FakeBucket

from ops.local.adapters.registry import Patch, adapter


@adapter
def requests_count_as_tls(patch: Patch) -> None:
    """A bucket policy that denies requests without TLS must not deny every request.

    moto 5.2.5 applies a Deny whose Condition it can't evaluate, so that a bucket with the usual TLS-only
    policy answers 403 to everybody. The stage stands in for an endpoint that is reached by TLS, where
    ``aws:SecureTransport`` is true.
    """
    original = IAMPolicyStatement.is_action_permitted

    def is_action_permitted(self: IAMPolicyStatement, *args: Any, **kwargs: Any) -> PermissionResult:
        secure_transport = self._statement.get("Condition", {}).get("Bool", {}).get("aws:SecureTransport")
        if str(secure_transport).lower() == "false":
            return PermissionResult.NEUTRAL
        return original(self, *args, **kwargs)

    patch.replace(IAMPolicyStatement, "is_action_permitted", is_action_permitted)


@adapter
def event_as_s3_sends_it(patch: Patch) -> None:
    """An event must name its object as S3 does: version, sequencer, and slashes in the key left as they are.

    moto 5.2.5 leaves out ``versionId`` and ``sequencer``, by which a consumer tells two events of one object
    apart and puts them in order, and encodes the slashes, so that no filter on a prefix matches.
    Source: "Event message structure" in the S3 user guide.
    """
    original = notifications._get_s3_event

    def _get_s3_event(event_name: str, bucket: FakeBucket, key: Any, notification_id: str) -> dict[str, Any]:
        event = original(event_name, bucket, key, notification_id)
        described = event["Records"][0]["s3"]["object"]
        described["key"] = quote_plus(key.name, safe="/")
        described["sequencer"] = f"{time.time_ns():018X}"
        if bucket.is_versioned:
            described["versionId"] = key.version_id
        return event

    patch.replace(notifications, "_get_s3_event", _get_s3_event)
