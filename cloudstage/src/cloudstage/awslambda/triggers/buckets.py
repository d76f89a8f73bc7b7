"""S3 event notifications."""

from __future__ import annotations

import json
from contextvars import ContextVar
from typing import Any

from cloudstage.awslambda.delivery import Delivery
from cloudstage.awslambda.resource_policy import Sender, permits
from cloudstage.patching import Patch

SKIP_VALIDATION = "x-amz-skip-destination-validation"
"""The header of a caller that answers for the destinations."""


def install(patch: Patch, delivery: Delivery) -> None:
    """Start functions after PutObject has answered, and refuse destinations that S3 may not send to.

    moto would run the function within the request, and accepts every destination.
    """
    from moto.s3 import notifications
    from moto.s3.models import S3Backend
    from moto.s3.responses import S3Response

    parse = S3Response._notification_config_from_body
    configure = S3Backend.put_bucket_notification_configuration
    validating = ContextVar("validating", default=True)

    def configuration_of(request: Any) -> dict[str, Any]:
        validating.set(request.headers.get(SKIP_VALIDATION, "").lower() != "true")
        return parse(request)

    def invoke(_account_id: str, event: Any, function_arn: str, _region: str) -> None:
        delivery.send(function_arn, json.dumps(event))

    def configure_notifications(backend: Any, bucket_name: str, configuration: dict[str, Any]) -> None:
        bucket = backend.get_bucket(bucket_name)
        sender = Sender("s3.amazonaws.com", bucket.arn, bucket.account_id)
        if validating.get():
            _require_permissions(sender, configuration or {})
        configure(backend, bucket_name, configuration)

    patch.replace(S3Response, "_notification_config_from_body", configuration_of)
    patch.replace(notifications, "_invoke_awslambda", invoke)
    patch.replace(S3Backend, "put_bucket_notification_configuration", configure_notifications)


def _require_permissions(sender: Sender, configuration: dict[str, Any]) -> None:
    """Raise what S3 answers, with the destination it does not name."""
    from moto.s3.exceptions import S3ClientError

    for kind in ("Topic", "Queue", "CloudFunction"):
        for destination in configuration.get(f"{kind}Configuration") or []:
            if not permits(destination[kind], sender):
                raise S3ClientError(
                    "InvalidArgument",
                    "Unable to validate the following destination configurations: "
                    f"{destination[kind]} is missing, or its policy does not let {sender.service} reach it "
                    f"for {sender.source_arn}",
                )
