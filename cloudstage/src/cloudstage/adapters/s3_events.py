"""Gaps in moto's S3 event notifications.

Source for the events' shape: "Event message structure" and "Event message structure for Amazon S3 event
notifications delivered to EventBridge" in the Amazon S3 user guide.
"""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import time
import uuid
from contextvars import ContextVar
from typing import Any
from urllib.parse import quote_plus

from moto.s3 import notifications
from moto.s3.models import S3Backend
from moto.s3.notifications import S3NotificationEvent
from moto.s3.responses import S3Response

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch

log = logging.getLogger(__name__)

REASONS = {
    "s3:ObjectCreated:Put": "PutObject",
    "s3:ObjectCreated:Post": "POST Object",
    "s3:ObjectCreated:Copy": "CopyObject",
    "s3:ObjectCreated:CompleteMultipartUpload": "CompleteMultipartUpload",
    "s3:ObjectRemoved:Delete": "DeleteObject",
    "s3:ObjectRemoved:DeleteMarkerCreated": "DeleteObject",
}
DELETIONS = {
    "s3:ObjectRemoved:Delete": "Permanently Deleted",
    "s3:ObjectRemoved:DeleteMarkerCreated": "Delete Marker Created",
}
OF_AN_EXISTING_OBJECT = ("s3:ObjectTagging", "s3:ObjectAcl")
"""Events that neither make nor remove an object: they have no place in the order of those that do."""
SUBJECT = "Amazon S3 Notification"


@adapter
def records_are_complete(patch: Patch) -> None:
    """A record says who did it, to which version of the object, and in which order; keys keep their slashes.

    moto 5.2.5 leaves these parts out and writes ``/`` in keys as ``%2F``: no filter on a prefix matches.
    """
    original = notifications._get_s3_event

    def event(event_name: Any, bucket: Any, key: Any, notification_id: str) -> dict[str, Any]:
        event = original(event_name, bucket, key, notification_id)
        record = event["Records"][0]
        if event_name.value.startswith(OF_AN_EXISTING_OBJECT):
            record["eventVersion"] = "2.3"
        record["userIdentity"] = {"principalId": f"AWS:AIDA{_unique(bucket.account_id, 'user')}"}
        record["requestParameters"] = {"sourceIPAddress": "127.0.0.1"}
        record["responseElements"] = {"x-amz-request-id": _request_id(), "x-amz-id-2": uuid.uuid4().hex}
        record["s3"]["bucket"]["ownerIdentity"] = {
            "principalId": f"A{_unique(bucket.account_id, 'customer')}"
        }
        described = _described(event_name, key, ("eTag", "versionId"))
        record["s3"]["object"] = described | {"key": quote_plus(key.name, safe="/")}
        return event

    patch.replace(notifications, "_get_s3_event", event)


@adapter
def topics_get_a_subject(patch: Patch) -> None:
    """What S3 sends through a topic has the subject "Amazon S3 Notification".

    moto 5.2.5 sends none.
    """

    def send(account_id: str, event: Any, topic_arn: str, region: str) -> None:
        from moto.sns.models import sns_backends

        try:
            sns_backends[account_id][region].publish(json.dumps(event), topic_arn, subject=SUBJECT)
        except Exception as error:  # as on AWS, the sender of a request learns nothing of it
            log.warning("%s got no event of S3: %s", topic_arn, error)

    patch.replace(notifications, "_send_sns_message", send)


@adapter
def multipart_upload_is_one_event(patch: Patch) -> None:
    """A completed multipart upload is announced once.

    moto 5.2.5 announces ``ObjectCreated:Put`` as well, so that a consumer of ``ObjectCreated:*`` gets two.
    """
    original = S3Backend.put_object

    def put_object(self: S3Backend, *args: Any, **kwargs: Any) -> Any:
        if kwargs.get("multipart") is not None:
            kwargs["disable_notification"] = True
        return original(self, *args, **kwargs)

    patch.replace(S3Backend, "put_object", put_object)


@adapter
def only_put_object_tagging_announces_tags(patch: Patch) -> None:
    """Putting, copying or uploading an object announces that it was created, and nothing else.

    moto 5.2.5 sets an object's tags by the same function in each case, which announces them.
    """
    send = notifications.send_event
    put_tagging = S3Response.put_object_tagging
    asked_for = ContextVar("asked_for", default=False)

    def put_object_tagging(self: S3Response) -> Any:
        token = asked_for.set(True)
        try:
            return put_tagging(self)
        finally:
            asked_for.reset(token)

    def send_event(account_id: str, event_name: Any, bucket: Any, key: Any) -> None:
        if event_name != notifications.S3NotificationEvent.OBJECT_TAGGING_PUT_EVENT or asked_for.get():
            send(account_id, event_name, bucket, key)

    patch.replace(S3Response, "put_object_tagging", put_object_tagging)
    patch.replace(notifications, "send_event", send_event)


@adapter
def eventbridge_details_are_the_objects(patch: Patch) -> None:
    """Events on the default bus tell the object's own version and order, and why they were sent.

    moto 5.2.5 sends fixed values, on every bus.
    """

    def send(account_id: str, bucket: Any, event_name: Any, key: Any) -> None:
        from moto.events.models import events_backends

        event: Any = {
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
                "object": _described(event_name, key, ("etag", "version-id")),
                "request-id": _request_id(),
                "requester": account_id,
                "source-ip-address": "127.0.0.1",
            }
            | _reason(event_name.value),
            "ingestion-time": time.time(),
        }
        for rule in events_backends[account_id][bucket.region_name].event_buses["default"].rules.values():
            rule.send_to_targets(event, transform_input=False)

    patch.replace(notifications, "_send_event_bridge_message", send)


def _sequencer() -> str:
    """Hexadecimal text that grows from event to event, also after a restart."""
    return f"{time.time_ns():018X}"


def _request_id() -> str:
    return uuid.uuid4().hex[:16].upper()


def _unique(account_id: str, kind: str) -> str:
    """The random part of an id as AWS gives them, which differ from the account's number."""
    return base64.b32encode(hashlib.sha256(f"{kind} {account_id}".encode()).digest()).decode()[:13]


def _described(event_name: S3NotificationEvent, key: Any, names: tuple[str, str]) -> dict[str, Any]:
    """The object of an event, its ETag and version by the names that a receiver has for them."""
    etag, version = names
    described = {"key": key.name}
    if event_name != S3NotificationEvent.OBJECT_REMOVED_DELETE_EVENT:
        described[etag] = key.etag.strip('"')
    if key.version_id != "null":
        described[version] = key.version_id
    if not event_name.value.startswith(OF_AN_EXISTING_OBJECT):
        described["sequencer"] = _sequencer()
    if not event_name.value.startswith((*OF_AN_EXISTING_OBJECT, "s3:ObjectRemoved")):
        described["size"] = key.size
    return described


def _reason(event_name: str) -> dict[str, str]:
    reason = REASONS.get(event_name)
    deletion = DELETIONS.get(event_name)
    return ({"reason": reason} if reason else {}) | ({"deletion-type": deletion} if deletion else {})
