"""S3 event notifications to functions."""

from __future__ import annotations

import json
from typing import Any

from ops.local.adapters.registry import Patch
from ops.local.awslambda.delivery import Delivery


def install(patch: Patch, delivery: Delivery) -> None:
    """Start the function after PutObject has answered; moto would run it before, in the request."""
    from moto.s3 import notifications

    def invoke(_account_id: str, event: Any, function_arn: str, _region: str) -> None:
        delivery.send(function_arn, json.dumps(event))

    patch.replace(notifications, "_invoke_awslambda", invoke)
