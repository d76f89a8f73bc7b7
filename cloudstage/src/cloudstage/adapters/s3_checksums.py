"""Gaps in moto's checks of what is uploaded to S3.

Source: "Checking object integrity in Amazon S3" in the Amazon S3 user guide, and the headers of PutObject, UploadPart
and CompleteMultipartUpload in the API reference.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

from awscrt import checksums
from moto.core.common_types import TYPE_RESPONSE
from moto.core.responses import ActionResult
from moto.s3 import models, responses
from moto.s3.exceptions import InvalidMaxPartNumberArgument, NoSuchUpload, PreconditionFailed, S3ClientError
from moto.s3.models import FakeKey, S3Backend
from moto.s3.responses import S3Response

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch

ALGORITHMS: dict[str, Callable[[bytes], bytes]] = {
    "CRC32": lambda body: binascii.crc32(body).to_bytes(4, "big"),
    "CRC32C": lambda body: checksums.crc32c(body).to_bytes(4, "big"),
    "CRC64NVME": lambda body: checksums.crc64nvme(body).to_bytes(8, "big"),
    "SHA1": lambda body: hashlib.sha1(body, usedforsecurity=False).digest(),
    "SHA256": lambda body: hashlib.sha256(body).digest(),
}
DEFAULT = "CRC64NVME"
"""What S3 computes of an object whose sender computed nothing."""
LONGEST_TRAILER_BYTES = 512

LISTINGS = ("ListObjects", "ListObjectsV2", "ListObjectVersions")

_HEADER = "x-amz-checksum-"


@adapter
def checksums_are_what_they_are_called(patch: Patch) -> None:
    """A CRC32C is one, so that a client accepts the object that it downloads.

    moto 5.2.5 computes a CRC32 instead, unless packages that it does not require are installed.
    """

    def compute_checksum(body: bytes, algorithm: str, encode_base64: bool = True) -> bytes:
        digest = ALGORITHMS[algorithm](body)
        return base64.b64encode(digest) if encode_base64 else digest

    patch.replace(models, "compute_checksum", compute_checksum)
    patch.replace(responses, "compute_checksum", compute_checksum)


@adapter
def uploads_are_verified(patch: Patch) -> None:
    """What was damaged on its way is refused, and every object has a checksum.

    moto 5.2.5 stores whatever arrives, with whatever checksum its sender claims.
    """
    put = S3Backend.put_object

    def get_checksum(self: S3Response, response_headers: dict[str, Any]) -> tuple[str, str]:
        algorithm, value = _verified(self, DEFAULT)
        response_headers |= {_HEADER + algorithm.lower(): value, _HEADER + "type": "FULL_OBJECT"}
        return algorithm, value

    def put_object(self: S3Backend, *args: Any, **kwargs: Any) -> FakeKey:
        key: FakeKey = put(self, *args, **kwargs)
        key.checksum_type = key.checksum_type or "FULL_OBJECT"
        return key

    def upload_part(self: S3Response) -> TYPE_RESPONSE:
        number = self._get_int_param("partNumber")
        if number > 10000:
            raise InvalidMaxPartNumberArgument(number)
        upload = self.backend.get_bucket(self.bucket_name).multiparts.get(self._get_param("uploadId"))
        if upload is None:
            raise NoSuchUpload(upload_id=self._get_param("uploadId"))
        algorithm, value = _verified(self, upload.metadata.get("x-amz-checksum-algorithm") or DEFAULT)
        part = self.backend.upload_part(self.bucket_name, upload.id, number, self.body or b"")
        part.checksum_algorithm, part.checksum_value = algorithm, value
        headers = self._get_cors_headers_other() | part.response_dict
        headers.update({_HEADER + algorithm.lower(): value, "content-length": "0"})
        return 200, headers, ""

    patch.replace(S3Response, "_get_checksum", get_checksum)
    patch.replace(S3Backend, "put_object", put_object)
    patch.replace(S3Response, "upload_part", upload_part)


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
            name = f"{_HEADER}{key.checksum_algorithm}".lower()
            if name in described:
                described |= {name: _value(key), _HEADER + "type": key.checksum_type}
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
            key.checksum_value = _text(ALGORITHMS[key.checksum_algorithm](key.value))
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


def _verified(request: S3Response, default: str) -> tuple[str, str]:
    """The algorithm and the checksum of a request's body.

    Raises:
        S3ClientError: it is not the body that its sender describes.
    """
    body = request.body or b""
    _verify_md5(request.headers.get("Content-MD5"), body)
    algorithm, claimed = _claimed(request, default)
    value = _text(ALGORITHMS[algorithm](body))
    if claimed is None or claimed == value:
        return algorithm, value
    if len(_decoded(claimed)) != len(_decoded(value)):
        raise S3ClientError("InvalidRequest", f"Value for {_HEADER}{algorithm.lower()} header is invalid.")
    raise S3ClientError("BadDigest", f"The {algorithm} you specified did not match the calculated checksum.")


def _claimed(request: S3Response, default: str) -> tuple[str, str | None]:
    headers = {name.lower(): value for name, value in request.headers.items()}
    named = [name for name in ALGORITHMS if _HEADER + name.lower() in headers]
    if len(named) > 1:
        raise S3ClientError(
            "InvalidRequest",
            "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
        )
    if named:
        return named[0], headers[_HEADER + named[0].lower()]
    trailer = headers.get("x-amz-trailer", "").strip().lower()
    if trailer.startswith(_HEADER):
        found = re.findall(rb"x-amz-checksum-\w+:\s*([\w+/=]+)", request.raw_body[-LONGEST_TRAILER_BYTES:])
        return trailer.removeprefix(_HEADER).upper(), found[-1].decode() if found else None
    algorithm = headers.get("x-amz-sdk-checksum-algorithm", default).upper()
    if algorithm not in ALGORITHMS:
        raise S3ClientError(
            "InvalidRequest",
            "Checksum algorithm provided is unsupported. Please try again with any of the valid types: "
            f"[{', '.join(ALGORITHMS)}]",
        )
    return algorithm, None


def _verify_md5(claimed: str | None, body: bytes) -> None:
    if claimed is None:
        return
    if len(_decoded(claimed)) != 16:
        raise S3ClientError("InvalidDigest", "The Content-MD5 you specified was invalid.")
    if _decoded(claimed) != hashlib.md5(body, usedforsecurity=False).digest():
        raise S3ClientError("BadDigest", "The Content-MD5 you specified did not match what we received.")


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        return b""


def _text(digest: bytes) -> str:
    return base64.b64encode(digest).decode()


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
