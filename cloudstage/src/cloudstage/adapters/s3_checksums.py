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
from typing import Any

from awscrt import checksums
from moto.core.common_types import TYPE_RESPONSE
from moto.s3 import models, responses
from moto.s3.exceptions import InvalidMaxPartNumberArgument, NoSuchUpload, S3ClientError
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

HEADER = "x-amz-checksum-"


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
        response_headers |= {HEADER + algorithm.lower(): value, HEADER + "type": "FULL_OBJECT"}
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
        headers.update({HEADER + algorithm.lower(): value, "content-length": "0"})
        return 200, headers, ""

    patch.replace(S3Response, "_get_checksum", get_checksum)
    patch.replace(S3Backend, "put_object", put_object)
    patch.replace(S3Response, "upload_part", upload_part)


def _verified(request: S3Response, default: str) -> tuple[str, str]:
    """The algorithm and the checksum of a request's body.

    Raises:
        S3ClientError: it is not the body that its sender describes.
    """
    body = request.body or b""
    _verify_md5(request.headers.get("Content-MD5"), body)
    algorithm, claimed = _claimed(request, default)
    value = encoded(ALGORITHMS[algorithm](body))
    if claimed is None or claimed == value:
        return algorithm, value
    if len(_decoded(claimed)) != len(_decoded(value)):
        raise S3ClientError("InvalidRequest", f"Value for {HEADER}{algorithm.lower()} header is invalid.")
    raise S3ClientError("BadDigest", f"The {algorithm} you specified did not match the calculated checksum.")


def _claimed(request: S3Response, default: str) -> tuple[str, str | None]:
    headers = {name.lower(): value for name, value in request.headers.items()}
    named = [name for name in ALGORITHMS if HEADER + name.lower() in headers]
    if len(named) > 1:
        raise S3ClientError(
            "InvalidRequest",
            "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
        )
    if named:
        return named[0], headers[HEADER + named[0].lower()]
    trailer = headers.get("x-amz-trailer", "").strip().lower()
    if trailer.startswith(HEADER):
        found = re.findall(rb"x-amz-checksum-\w+:\s*([\w+/=]+)", request.raw_body[-LONGEST_TRAILER_BYTES:])
        return trailer.removeprefix(HEADER).upper(), found[-1].decode() if found else None
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


def encoded(digest: bytes) -> str:
    """A checksum as headers hold it."""
    return base64.b64encode(digest).decode()
