"""Gaps in moto's S3."""

from __future__ import annotations

import quopri
from http import HTTPStatus
from typing import Any

import xmltodict
from moto.core.common_types import TYPE_RESPONSE
from moto.core.responses import ActionResult
from moto.iam.access_control import IAMPolicyStatement, PermissionResult
from moto.s3.exceptions import NoSuchUpload, S3ClientError
from moto.s3.models import FakeKey, FakeMultipart, S3Backend, get_canned_acl
from moto.s3.responses import S3Response

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch

_ENCRYPTION = "x-amz-server-side-encryption"


@adapter
def requests_count_as_tls(patch: Patch) -> None:
    """A bucket policy that denies requests without TLS must not deny every request.

    moto 5.2.5 applies a Deny whose Condition it can't evaluate, so that a bucket with the usual TLS-only
    policy answers 403 to everybody. The cloudstage stands in for an endpoint that is reached by TLS, where
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
def encryption_is_named(patch: Patch) -> None:
    """S3 encrypts each object by itself, and says so.

    moto 5.2.5 names the encryption only if somebody asked for one.
    """
    described: property = vars(FakeKey)["response_dict"]
    post = S3Response._key_response_post

    def response_dict(self: FakeKey) -> dict[str, Any]:
        answer: dict[str, Any] = described.__get__(self, FakeKey)
        return {_ENCRYPTION: "AES256"} | answer

    def key_response_post(self: S3Response, *args: Any) -> TYPE_RESPONSE:
        status, headers, body = post(self, *args)
        if status == HTTPStatus.OK and {"uploads", "uploadId"} & self.querystring.keys():
            headers = {_ENCRYPTION: _default_encryption(self)} | headers
        return status, headers, body

    patch.replace(FakeKey, "response_dict", property(response_dict))
    patch.replace(S3Response, "_key_response_post", key_response_post)


@adapter
def empty_tag_sets_are_accepted(patch: Patch) -> None:
    """PutObjectTagging with an empty set takes an object's tags away.

    moto 5.2.5 answers 500.
    """
    original = S3Response._tagging_from_xml

    def tagging_from_xml(self: S3Response) -> dict[str, str]:
        tags = (xmltodict.parse(self.body).get("Tagging") or {}).get("TagSet")
        return original(self) if tags else {}

    patch.replace(S3Response, "_tagging_from_xml", tagging_from_xml)


@adapter
def metadata_may_hold_any_character(patch: Patch) -> None:
    """Metadata outside of ISO-8859-1, as in the query of a presigned URL, comes back encoded.

    moto 5.2.5 can't write it into the headers of its answer, and answers 500. S3 encodes it by RFC 2047 ("Working
    with object metadata" in the Amazon S3 user guide).
    """
    original = FakeKey.set_metadata

    def set_metadata(self: FakeKey, metadata: Any, replace: bool = False) -> None:
        for name, value in metadata.items():
            if isinstance(value, str) and name.lower().startswith("x-amz-meta-") and not value.isascii():
                metadata[name] = f"=?UTF-8?Q?{_quoted(value)}?="
        original(self, metadata, replace)

    patch.replace(FakeKey, "set_metadata", set_metadata)


@adapter
def other_ranges_are_ignored(patch: Patch) -> None:
    """A Range that is none of bytes returns the whole object.

    moto 5.2.5 answers 500.
    """
    original = S3Response._handle_range_header

    def handle_range_header(
        self: S3Response, request: Any, headers: dict[str, Any], content: Any
    ) -> TYPE_RESPONSE:
        if not request.headers.get("range").startswith("bytes="):
            return HTTPStatus.OK, headers, content
        return original(self, request, headers, content)

    patch.replace(S3Response, "_handle_range_header", handle_range_header)


@adapter
def uploads_in_parts_have_an_acl(patch: Patch) -> None:
    """An object that was uploaded in parts is private unless its upload says otherwise.

    moto 5.2.5 gives it no ACL, and answers 500 to GetObjectAcl.
    """
    original = S3Backend.create_multipart_upload

    def create_multipart_upload(self: S3Backend, *args: Any, **kwargs: Any) -> FakeMultipart:
        upload = original(self, *args, **kwargs)
        upload.acl = upload.acl or get_canned_acl("private")
        return upload

    patch.replace(S3Backend, "create_multipart_upload", create_multipart_upload)


@adapter
def uploads_that_are_gone_are_refused(patch: Patch) -> None:
    """CompleteMultipartUpload of an upload that is not there, or without parts, is the caller's mistake.

    moto 5.2.5 answers 500.
    """
    original = S3Backend.complete_multipart_upload

    def complete_multipart_upload(
        self: S3Backend, bucket_name: str, upload_id: str, body: Any
    ) -> FakeKey | None:
        if upload_id not in self.get_bucket(bucket_name).multiparts:
            raise NoSuchUpload(upload_id=upload_id)
        parts = list(body)
        if not parts:
            raise S3ClientError("InvalidRequest", "You must specify at least one part")
        return original(self, bucket_name, upload_id, iter(parts))

    patch.replace(S3Backend, "complete_multipart_upload", complete_multipart_upload)


@adapter
def retention_is_returned(patch: Patch) -> None:
    """GetObjectRetention returns until when an object is locked.

    moto 5.2.5 returns the object itself.
    """
    original = S3Response._key_response_get

    def key_response_get(self: S3Response, query: dict[str, Any], key_name: str) -> TYPE_RESPONSE:
        if "retention" not in query:
            return original(self, query, key_name)
        key, _ = self._get_key(validate_storage_class=False)
        if not key.lock_mode:
            raise S3ClientError(
                "NoSuchObjectLockConfiguration",
                "The specified object does not have a ObjectLock configuration",
            )
        self.data["Action"] = "GetObjectRetention"
        retention = {"Mode": key.lock_mode, "RetainUntilDate": key.lock_until}
        return self.serialized(ActionResult({"Retention": retention}))

    patch.replace(S3Response, "_key_response_get", key_response_get)


def _default_encryption(response: S3Response) -> str:
    rule = (response.backend.get_bucket(response.bucket_name).encryption or {}).get("Rule", {})
    return str(rule.get("ApplyServerSideEncryptionByDefault", {}).get("SSEAlgorithm", "AES256"))


def _quoted(text: str) -> str:
    return quopri.encodestring(text.encode(), header=True, quotetabs=True).decode().replace("=\n", "")
