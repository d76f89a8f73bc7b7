"""Gaps in how moto's S3 locks objects."""

from __future__ import annotations

from typing import Any

from moto.s3.models import S3Backend
from moto.s3.responses import S3Response
from werkzeug.datastructures import Headers

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch

ALGORITHM = "x-amz-sdk-checksum-algorithm"


@adapter
def the_default_retention_can_be_changed(patch: Patch) -> None:
    """The default retention of a bucket may be changed when the bucket has objects.

    moto 5.2.5 refuses it as soon as there is one.
    """
    original = S3Backend.put_object_lock_configuration

    def put_object_lock_configuration(
        self: S3Backend, bucket_name: str, lock_enabled: bool, *retention: Any, **named: Any
    ) -> None:
        bucket = self.get_bucket(bucket_name)
        if bucket.object_lock_enabled and bucket.is_versioned:
            given = dict(zip(("mode", "days", "years"), retention, strict=False)) | named
            for name in ("mode", "days", "years"):
                setattr(bucket, f"default_lock_{name}", given.get(name))
        else:
            original(self, bucket_name, lock_enabled, *retention, **named)

    patch.replace(S3Backend, "put_object_lock_configuration", put_object_lock_configuration)


@adapter
def any_checksum_will_do(patch: Patch) -> None:
    """A request that concerns a locked object needs a checksum, which may be any.

    moto 5.2.5 refuses those of the SDK for Go, which sends the checksum without naming its algorithm elsewhere.
    """
    original = S3Response._key_response_put

    def key_response_put(self: S3Response, query: dict[str, Any], key_name: str) -> Any:
        names = [str(name).lower() for name in self.headers.keys()]  # noqa: SIM118 (of werkzeug, they are no keys)
        sent = (name for name in names if name.startswith("x-amz-checksum-"))
        if ALGORITHM not in names and (checksum := next(sent, None)):
            self.headers = Headers(list(self.headers.items()))
            self.headers[ALGORITHM] = checksum.removeprefix("x-amz-checksum-").upper()
        return original(self, query, key_name)

    patch.replace(S3Response, "_key_response_put", key_response_put)
