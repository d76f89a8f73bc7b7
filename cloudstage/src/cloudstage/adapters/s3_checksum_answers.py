"""Gaps in what moto's S3 answers about the checksums of objects.

Source: "Checking object integrity in Amazon S3" in the Amazon S3 user guide.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

from moto.core.common_types import TYPE_RESPONSE
from moto.core.responses import ActionResult
from moto.s3.exceptions import PreconditionFailed
from moto.s3.models import FakeKey, S3Backend
from moto.s3.responses import S3Response

from cloudstage.adapters.registry import adapter
from cloudstage.adapters.s3_checksums import ALGORITHMS, DEFAULT, HEADER, encoded
from cloudstage.patching import Patch

LISTINGS = ("ListObjects", "ListObjectsV2", "ListObjectVersions")


@adapter
def multipart_uploads_have_a_checksum(patch: Patch) -> None:
    """CompleteMultipartUpload answers with the checksum, and later reads do.

    moto 5.2.5 forgets which algorithm it used when the upload named none.
    """
    create = S3Backend.create_multipart_upload
    complete = S3Backend.complete_multipart_upload
    post = S3Response._key_response_post

    def create_multipart_upload(self: S3Backend, *args: Any, **kwargs: Any) -> Any:
        upload = create(self, *args, **kwargs)
        algorithm = upload.metadata.get("x-amz-checksum-algorithm")
        if algorithm:
            whole = "FULL_OBJECT" if algorithm == DEFAULT else "COMPOSITE"
            upload.metadata.setdefault("x-amz-checksum-type", whole)
        return upload

    def complete_multipart_upload(
        self: S3Backend, bucket_name: str, upload_id: str, parts: Any
    ) -> FakeKey | None:
        key = complete(self, bucket_name, upload_id, parts)
        if key is not None:
            key.checksum_algorithm = key.checksum_algorithm or DEFAULT
            for name in ("x-amz-checksum-algorithm", "x-amz-checksum-type"):
                key.metadata.pop(name, None)
        return key

    def key_response_post(self: S3Response, *args: Any) -> TYPE_RESPONSE:
        status, headers, body = post(self, *args)
        if status != HTTPStatus.OK or "uploadId" not in self.querystring:
            return status, headers, body
        key: Any = self.backend.get_object(self.bucket_name, self.parse_key_name())
        described = {f"Checksum{key.checksum_algorithm}": _value(key), "ChecksumType": key.checksum_type}
        return status, headers, _extended(body, "CompleteMultipartUploadResult", described)

    patch.replace(S3Backend, "create_multipart_upload", create_multipart_upload)
    patch.replace(S3Backend, "complete_multipart_upload", complete_multipart_upload)
    patch.replace(S3Response, "_key_response_post", key_response_post)


@adapter
def head_object_returns_the_checksum(patch: Patch) -> None:
    """HeadObject returns what GetObject does: the type of a checksum, and of how many parts it is made.

    moto 5.2.5 returns the bare value.
    """
    original = S3Response.head_object

    def head_object(
        self: S3Response, bucket_name: str, query: Any, key_name: str, headers: Any
    ) -> TYPE_RESPONSE:
        status, described, body = original(self, bucket_name, query, key_name, headers)
        asked = headers.get("x-amz-checksum-mode") == "ENABLED" and "partNumber" not in query
        if asked and status in (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT):
            version = query.get("versionId", [None])[0]
            key: Any = self.backend.head_object(bucket_name, key_name, version_id=version)
            name = f"{HEADER}{key.checksum_algorithm}".lower()
            if name in described:
                described |= {name: _value(key), HEADER + "type": key.checksum_type}
        return status, described, body

    patch.replace(S3Response, "head_object", head_object)


@adapter
def listings_name_the_checksums(patch: Patch) -> None:
    """A listing says by which algorithm each object was checked.

    moto 5.2.5 says it in one of the three listings, without the type.
    """
    serialized = S3Response.serialized

    def with_checksums(self: S3Response, result: ActionResult) -> TYPE_RESPONSE:
        listing = result.result
        if isinstance(listing, dict) and self.data.get("Action") in LISTINGS:
            keys = self.backend.get_bucket(self.bucket_name).keys
            for item in (*(listing.get("Contents") or ()), *(listing.get("Versions") or ())):
                name = unquote(item["Key"]) if listing.get("EncodingType") == "url" else item["Key"]
                item.update(_checksum_of(keys.getlist(name, []), item.get("VersionId")))
        return serialized(self, result)

    patch.replace(S3Response, "serialized", with_checksums)


@adapter
def copies_have_a_checksum(patch: Patch) -> None:
    """A copy is one whole object, also of one uploaded in parts.

    moto 5.2.5 keeps the checksum of the parts, which a client that downloads the copy finds wrong.
    """
    copy = S3Backend.copy_object
    respond = S3Response.copy_object

    def copy_object(
        self: S3Backend, src_key: FakeKey, bucket_name: str, key_name: str, **options: Any
    ) -> None:
        copy(self, src_key, bucket_name, key_name, **options)
        key = self.get_bucket(bucket_name).keys[key_name]
        key.checksum_algorithm = src_key.checksum_algorithm or DEFAULT
        if not src_key.checksum_value or src_key.checksum_type == "COMPOSITE":
            key.checksum_value = encoded(ALGORITHMS[key.checksum_algorithm](key.value))
        key.checksum_type = "FULL_OBJECT"

    def copy_object_response(self: S3Response) -> TYPE_RESPONSE:
        status, headers, body = respond(self)
        return status, headers, _extended(body, "CopyObjectResult", {"ChecksumType": "FULL_OBJECT"})

    patch.replace(S3Backend, "copy_object", copy_object)
    patch.replace(S3Response, "copy_object", copy_object_response)


@adapter
def copies_have_preconditions(patch: Patch) -> None:
    """CopyObject with ``If-None-Match: *`` does not replace an object.

    moto 5.2.5 looks at the conditions on the source only.
    """
    original = S3Response.copy_object

    def copy_object(self: S3Response) -> TYPE_RESPONSE:
        existing = self.backend.get_object(self.bucket_name, self.parse_key_name())
        if self.headers.get("If-None-Match") == "*" and existing is not None:
            raise PreconditionFailed("If-None-Match")
        return original(self)

    patch.replace(S3Response, "copy_object", copy_object)


def _value(key: FakeKey) -> str:
    """The checksum as S3 writes it: one made of those of the parts ends with their number."""
    parts = f"-{key.checksum_parts}" if key.checksum_type == "COMPOSITE" else ""
    return f"{key.checksum_value}{parts}"


def _checksum_of(versions: list[Any], version_id: str | None) -> dict[str, Any]:
    """How a version, or else the last one, was checked, as listings write it."""
    for key in reversed(versions):
        if version_id in (None, key.version_id) and isinstance(key, FakeKey) and key.checksum_algorithm:
            return {"ChecksumAlgorithm": [key.checksum_algorithm], "ChecksumType": key.checksum_type}
    return {}


def _extended(body: str | bytes, element: str, added: dict[str, str]) -> str:
    """An XML document with more elements at the end of ``element``."""
    text = body if isinstance(body, str) else body.decode()
    more = "".join(f"<{name}>{value}</{name}>" for name, value in added.items())
    return text.replace(f"</{element}>", f"{more}</{element}>")
