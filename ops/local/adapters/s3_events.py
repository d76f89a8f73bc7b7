"""Gaps in moto's S3 event notifications.

Source for the events' shape: "Event message structure" and "Event message structure for Amazon S3 event
notifications delivered to EventBridge" in the Amazon S3 user guide.
"""

from __future__ import annotations

import itertools
import threading
import time
import uuid
from typing import Any
from urllib.parse import quote_plus

from moto.core.utils import iso_8601_datetime_with_milliseconds
from moto.s3 import notifications
from moto.s3.models import S3Backend

from ops.local.adapters.registry import Patch, adapter

REASONS = {
    "s3:ObjectCreated:Put": "PutObject",
    "s3:ObjectCreated:Post": "POST Object",
    "s3:ObjectCreated:Copy": "CopyObject",
    "s3:ObjectCreated:CompleteMultipartUpload": "CompleteMultipartUpload",
    "s3:ObjectRemoved:Delete": "DeleteObject",
}


class _Sequencer:
    """Hexadecimal text that grows from event to event, also after a restart."""

    def __init__(self) -> None:
        self._numbers = itertools.count(time.time_ns())
        self._lock = threading.Lock()

    def next(self) -> str:
        with self._lock:
            return f"{next(self._numbers):018X}"


_sequencer = _Sequencer()


@adapter
def records_are_complete(patch: Patch) -> None:
    """A record says who, which version of the object, and in which order; its key keeps its slashes.

    moto 5.2.5 leaves these fields out and writes ``/`` in keys as ``%2F``, which S3 does not.
    """

    def event(event_name: str, bucket: Any, key: Any, notification_id: str) -> dict[str, Any]:
        return {
            "Records": [
                {
                    "eventVersion": "2.1",
                    "eventSource": "aws:s3",
                    "awsRegion": bucket.region_name,
                    "eventTime": iso_8601_datetime_with_milliseconds(),
                    "eventName": str(event_name.value).removeprefix("s3:"),
                    "userIdentity": {"principalId": f"AWS:{bucket.account_id}"},
                    "requestParameters": {"sourceIPAddress": "127.0.0.1"},
                    "responseElements": {
                        "x-amz-request-id": uuid.uuid4().hex[:16].upper(),
                        "x-amz-id-2": uuid.uuid4().hex,
                    },
                    "s3": {
                        "s3SchemaVersion": "1.0",
                        "configurationId": notification_id,
                        "bucket": {
                            "name": bucket.name,
                            "ownerIdentity": {"principalId": bucket.account_id},
                            "arn": bucket.arn,
                        },
                        "object": _object(bucket, key, quote_plus(key.name, safe="/"), "versionId"),
                    },
                }
            ]
        }

    patch.replace(notifications, "_get_s3_event", event)


@adapter
def multipart_upload_is_one_event(patch: Patch) -> None:
    """A completed multipart upload is announced once.

    moto 5.2.5 announces ``ObjectCreated:Put`` as well, so that a consumer of ``ObjectCreated:*`` gets it twice.
    """
    original = S3Backend.put_object

    def put_object(self: S3Backend, *args: Any, **kwargs: Any) -> Any:
        if kwargs.get("multipart") is not None:
            kwargs["disable_notification"] = True
        return original(self, *args, **kwargs)

    patch.replace(S3Backend, "put_object", put_object)


@adapter
def eventbridge_details_are_the_objects(patch: Patch) -> None:
    """Events on the default bus tell the object's own version and order, and why they were sent.

    moto 5.2.5 sends fixed values, on every bus.
    """

    def send(account_id: str, bucket: Any, event_name: Any, key: Any) -> None:
        from moto.events.models import events_backends

        event = {
            "version": "0",
            "id": str(uuid.uuid4()),
            "detail-type": notifications._detail_type(event_name),
            "source": "aws.s3",
            "account": account_id,
            "time": time.time(),
            "region": bucket.region_name,
            "resources": [bucket.arn],
            "detail": {
                "version": "0",
                "bucket": {"name": bucket.name},
                "object": _object(bucket, key, key.name, "version-id"),
                "request-id": uuid.uuid4().hex[:16].upper(),
                "requester": account_id,
                "source-ip-address": "127.0.0.1",
                "reason": REASONS.get(event_name.value, ""),
            },
            "ingestion-time": time.time(),
        }
        for rule in events_backends[account_id][bucket.region_name].event_buses["default"].rules.values():
            rule.send_to_targets(event, transform_input=False)

    patch.replace(notifications, "_send_event_bridge_message", send)


def _object(bucket: Any, key: Any, name: str, version_field: str) -> dict[str, Any]:
    described = {
        "key": name,
        "size": key.size,
        "eTag": key.etag.strip('"'),
        "sequencer": _sequencer.next(),
    }
    if bucket.is_versioned:
        described[version_field] = key.version_id
    return described
