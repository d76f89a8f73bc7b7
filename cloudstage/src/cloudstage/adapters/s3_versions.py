"""Gaps in how moto's S3 keeps versions of objects, and announces what is deleted.

Source: "Working with delete markers", "Adding objects to versioning-suspended buckets" and "Event message structure"
in the Amazon S3 user guide.
"""

from __future__ import annotations

import hashlib
from http import HTTPStatus
from types import SimpleNamespace
from typing import Any

from moto.core.common_types import TYPE_RESPONSE
from moto.s3 import notifications
from moto.s3.exceptions import AccessDeniedByLock, MethodNotAllowed
from moto.s3.models import FakeBucket, FakeDeleteMarker, FakeKey, FakeTableStorageBucket, S3Backend
from moto.s3.notifications import S3NotificationEvent
from moto.s3.responses import S3Response

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch

_VERSION = "x-amz-version-id"
NULL = "null"
"""The version of an object that was put when its bucket had no versions, or its versioning was suspended."""


@adapter
def suspended_buckets_keep_their_versions(patch: Patch) -> None:
    """A put after versioning was suspended replaces the null version only.

    moto 5.2.5 drops every older version.
    """
    put = S3Backend.put_object

    def put_object(self: S3Backend, bucket_name: str, key_name: str, *args: Any, **kwargs: Any) -> FakeKey:
        bucket = self.get_bucket(bucket_name)
        versions = [version for version in bucket.keys.getlist(key_name, []) if version.version_id != NULL]
        if bucket.versioning_status != "Suspended" or not versions:
            return put(self, bucket_name, key_name, *args, **kwargs)
        # moto replaces, and closes, what is in the list.
        dict.__delitem__(bucket.keys, key_name)
        key = put(self, bucket_name, key_name, *args, **kwargs)
        dict.__setitem__(bucket.keys, key_name, [*versions, key])
        return key

    patch.replace(S3Backend, "put_object", put_object)


@adapter
def the_null_version_is_named(patch: Patch) -> None:
    """An object of a bucket with suspended versioning has the version "null"; one without versioning has none.

    moto 5.2.5 names it for uploads in parts to buckets without versions, and never for others.
    """
    copy = S3Response.copy_object
    post = S3Response._key_response_post
    get, head = S3Response.get_object, S3Response.head_object

    def naming(original: Any) -> Any:
        def respond(self: S3Response, *args: Any, **kwargs: Any) -> TYPE_RESPONSE:
            status, headers, body = original(self, *args, **kwargs)
            if status in (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT) and _is_suspended(self):
                headers = {_VERSION: NULL} | headers
            return status, headers, body

        return respond

    def key_response_post(self: S3Response, *args: Any) -> TYPE_RESPONSE:
        status, headers, body = post(self, *args)
        if headers.get(_VERSION) == NULL:
            del headers[_VERSION]
        return status, headers, body

    patch.replace(S3Response, "copy_object", naming(copy))
    patch.replace(S3Response, "get_object", naming(get))
    patch.replace(S3Response, "head_object", naming(head))
    patch.replace(S3Response, "_key_response_post", key_response_post)


@adapter
def deletions_are_announced(patch: Patch) -> None:
    """Each kind of deletion is what it is on S3, and is announced.

    moto 5.2.5 announces the deletion of an object without versions, and of its last version, but no delete marker,
    no other version and no object that was not there. It makes no marker for a missing object, and deletes all
    versions once versioning is suspended.
    """

    def delete_object(
        self: S3Backend, bucket_name: str, key_name: str, version_id: str | None = None, bypass: bool = False
    ) -> tuple[bool, dict[str, Any]]:
        bucket = self.get_bucket(bucket_name)
        if isinstance(bucket, FakeTableStorageBucket):
            raise MethodNotAllowed
        if version_id is not None:
            return _delete_version(bucket, key_name, version_id, bypass)
        if bucket.versioning_status is None:
            return _delete(bucket, key_name)
        return _mark(bucket, key_name)

    patch.replace(S3Backend, "delete_object", delete_object)
    patch.replace(FakeDeleteMarker, "etag", f'"{hashlib.md5(usedforsecurity=False).hexdigest()}"')
    patch.replace(FakeDeleteMarker, "size", 0)


def _is_suspended(response: S3Response) -> bool:
    return bool(response.backend.get_bucket(response.bucket_name).versioning_status == "Suspended")


def _delete(bucket: FakeBucket, key_name: str) -> tuple[bool, dict[str, Any]]:
    deleted = bucket.keys.get(key_name)
    if deleted is not None:
        bucket.keys.pop(key_name)
    _announce(bucket, S3NotificationEvent.OBJECT_REMOVED_DELETE_EVENT, deleted or _missing(key_name))
    return deleted is not None, {}


def _mark(bucket: FakeBucket, key_name: str) -> tuple[bool, dict[str, Any]]:
    """Hide an object behind a delete marker, which takes the place of the null version of a suspended bucket."""
    versions = bucket.keys.getlist(key_name, [])
    marker = FakeDeleteMarker(key=versions[-1] if versions else _missing(key_name))
    if not bucket.is_versioned:
        marker._version_id = NULL
        versions = [version for version in versions if version.version_id != NULL]
    bucket.keys.setlist(key_name, [*versions, marker])
    _announce(bucket, S3NotificationEvent.OBJECT_REMOVED_DELETE_MARKER_CREATED_EVENT, marker)
    return True, {"version-id": marker.version_id, "delete-marker": "true"}


def _delete_version(
    bucket: FakeBucket, key_name: str, version_id: str, bypass: bool
) -> tuple[bool, dict[str, Any]]:
    versions = bucket.keys.getlist(key_name, [])
    deleted = next((version for version in versions if version.version_id == version_id), None)
    answer = {} if bucket.versioning_status is None else {"version-id": version_id}
    if deleted is None:
        return False, answer
    if isinstance(deleted, FakeKey) and deleted.is_locked(governance_bypass=bypass):
        raise AccessDeniedByLock
    if isinstance(deleted, FakeDeleteMarker):
        answer["delete-marker"] = "true"
    if rest := [version for version in versions if version is not deleted]:
        bucket.keys.setlist(key_name, rest)
    else:
        dict.__delitem__(bucket.keys, key_name)
    _announce(bucket, S3NotificationEvent.OBJECT_REMOVED_DELETE_EVENT, deleted)
    if isinstance(deleted, FakeKey):
        deleted.dispose()
    return True, answer


def _announce(bucket: FakeBucket, event_name: S3NotificationEvent, key: Any) -> None:
    notifications.send_event(bucket.account_id, event_name, bucket, key)


def _missing(key_name: str) -> Any:
    """Stands for an object that is not there, but of which S3 announces the deletion."""
    return SimpleNamespace(name=key_name, version_id=NULL, etag="", size=0)
