"""What S3's operations need.

Source: "Actions, resources, and condition keys for Amazon S3" in the Service Authorization Reference, "Required
permissions for Amazon S3 API operations" in the S3 user guide, and "GetObject" in the S3 API reference (a missing
object is a 403 for those who may not list the bucket).
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

from cloudstage.iam.policy import Need
from cloudstage.iam.requests import keys
from cloudstage.iam.requests.call import Call
from cloudstage.iam.wildcards import Context

_ACTIONS = {
    "CompleteMultipartUpload": "PutObject",
    "CopyObject": "PutObject",
    "CreateMultipartUpload": "PutObject",
    "DeleteBucketAnalyticsConfiguration": "PutAnalyticsConfiguration",
    "DeleteBucketCors": "PutBucketCORS",
    "DeleteBucketEncryption": "PutEncryptionConfiguration",
    "DeleteBucketIntelligentTieringConfiguration": "PutIntelligentTieringConfiguration",
    "DeleteBucketInventoryConfiguration": "PutInventoryConfiguration",
    "DeleteBucketLifecycle": "PutLifecycleConfiguration",
    "DeleteBucketMetricsConfiguration": "PutMetricsConfiguration",
    "DeleteBucketOwnershipControls": "PutBucketOwnershipControls",
    "DeleteBucketReplication": "PutReplicationConfiguration",
    "DeleteBucketTagging": "PutBucketTagging",
    "DeletePublicAccessBlock": "PutBucketPublicAccessBlock",
    "GetBucketAccelerateConfiguration": "GetAccelerateConfiguration",
    "GetBucketAnalyticsConfiguration": "GetAnalyticsConfiguration",
    "GetBucketCors": "GetBucketCORS",
    "GetBucketEncryption": "GetEncryptionConfiguration",
    "GetBucketIntelligentTieringConfiguration": "GetIntelligentTieringConfiguration",
    "GetBucketInventoryConfiguration": "GetInventoryConfiguration",
    "GetBucketLifecycle": "GetLifecycleConfiguration",
    "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
    "GetBucketMetricsConfiguration": "GetMetricsConfiguration",
    "GetBucketNotificationConfiguration": "GetBucketNotification",
    "GetBucketReplication": "GetReplicationConfiguration",
    "GetObjectLockConfiguration": "GetBucketObjectLockConfiguration",
    "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
    "HeadBucket": "ListBucket",
    "HeadObject": "GetObject",
    "ListBucketAnalyticsConfigurations": "GetAnalyticsConfiguration",
    "ListBucketIntelligentTieringConfigurations": "GetIntelligentTieringConfiguration",
    "ListBucketInventoryConfigurations": "GetInventoryConfiguration",
    "ListBucketMetricsConfigurations": "GetMetricsConfiguration",
    "ListBuckets": "ListAllMyBuckets",
    "ListMultipartUploads": "ListBucketMultipartUploads",
    "ListObjectVersions": "ListBucketVersions",
    "ListObjects": "ListBucket",
    "ListObjectsV2": "ListBucket",
    "ListParts": "ListMultipartUploadParts",
    "PutBucketAccelerateConfiguration": "PutAccelerateConfiguration",
    "PutBucketAnalyticsConfiguration": "PutAnalyticsConfiguration",
    "PutBucketCors": "PutBucketCORS",
    "PutBucketEncryption": "PutEncryptionConfiguration",
    "PutBucketIntelligentTieringConfiguration": "PutIntelligentTieringConfiguration",
    "PutBucketInventoryConfiguration": "PutInventoryConfiguration",
    "PutBucketLifecycle": "PutLifecycleConfiguration",
    "PutBucketLifecycleConfiguration": "PutLifecycleConfiguration",
    "PutBucketMetricsConfiguration": "PutMetricsConfiguration",
    "PutBucketNotificationConfiguration": "PutBucketNotification",
    "PutBucketReplication": "PutReplicationConfiguration",
    "PutObjectLockConfiguration": "PutBucketObjectLockConfiguration",
    "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
    "SelectObjectContent": "GetObject",
    "UploadPart": "PutObject",
    "UploadPartCopy": "PutObject",
}
"""The actions whose names are not their operations' names."""
_WITH_VERSION = {
    "DeleteObject": "DeleteObjectVersion",
    "DeleteObjectTagging": "DeleteObjectVersionTagging",
    "GetObject": "GetObjectVersion",
    "GetObjectAcl": "GetObjectVersionAcl",
    "GetObjectAttributes": "GetObjectVersionAttributes",
    "GetObjectTagging": "GetObjectVersionTagging",
    "PutObjectAcl": "PutObjectVersionAcl",
    "PutObjectTagging": "PutObjectVersionTagging",
}
_READING = ("GetObject", "HeadObject", "SelectObjectContent", "GetObjectAttributes")
_HEADERS = {
    "x-amz-acl",
    "x-amz-copy-source",
    "x-amz-metadata-directive",
    "x-amz-server-side-encryption",
    "x-amz-server-side-encryption-aws-kms-key-id",
    "x-amz-storage-class",
    "x-amz-content-sha256",
}
_QUERY = {
    "prefix": "s3:prefix",
    "delimiter": "s3:delimiter",
    "max-keys": "s3:max-keys",
    "versionId": "s3:versionid",
}


def needs(call: Call) -> Iterator[Need]:
    """What the call needs to be allowed."""
    bucket, key = call.text("Bucket"), call.text("Key")
    if not call.operation or (bucket is None and call.operation != "ListBuckets"):
        yield Need(f"s3:{call.operation or 'Unknown'}", None)
    elif bucket is None:
        yield Need("s3:ListAllMyBuckets", "*")
    elif call.operation == "DeleteObjects":
        yield from _deletions(call, bucket)
    elif key is None:
        yield Need(f"s3:{_ACTIONS.get(call.operation, call.operation)}", _arn(bucket), _context(call))
    else:
        yield from _object_needs(call, bucket, key)


def _object_needs(call: Call, bucket: str, key: str) -> Iterator[Need]:
    version = call.request.args.get("versionId")
    action = _ACTIONS.get(call.operation, call.operation)
    yield Need(f"s3:{_versioned(action, version)}", _arn(bucket, key), _context(call))
    if call.operation == "GetObjectAttributes":
        yield Need(f"s3:{_versioned('GetObject', version)}", _arn(bucket, key), _context(call))
    if call.operation in _READING:
        yield from _reading_needs(call, bucket, key, version)
    elif call.operation in ("PutObject", "CreateMultipartUpload", "CopyObject"):
        yield from _creation_needs(call, bucket, key)
    elif call.operation in ("UploadPart", "UploadPartCopy", "CompleteMultipartUpload"):
        upload = _upload(call, bucket)
        if upload is not None:
            yield from _key_need(call, "Decrypt", _upload_key(call, bucket, upload), bucket, key)
    source = call.request.headers.get("x-amz-copy-source")
    if source:
        yield from _source_needs(call, unquote(source))


def _reading_needs(call: Call, bucket: str, key: str, version: str | None) -> Iterator[Need]:
    found = keys.s3_object(call.account_id, bucket, key, version)
    if found is None and keys.s3_bucket(call.account_id, bucket) is not None:
        action = "ListBucketVersions" if version else "ListBucket"
        yield Need(f"s3:{action}", _arn(bucket), {"s3:prefix": (key,)})
    elif found is not None and call.operation != "HeadObject":
        yield from _key_need(call, "Decrypt", _key_of(found), bucket, key)


def _creation_needs(call: Call, bucket: str, key: str) -> Iterator[Need]:
    headers = call.request.headers
    if headers.get("x-amz-tagging"):
        yield Need("s3:PutObjectTagging", _arn(bucket, key), _context(call))
    if headers.get("x-amz-acl") or any(name.lower().startswith("x-amz-grant-") for name, _ in headers):
        yield Need("s3:PutObjectAcl", _arn(bucket, key), _context(call))
    yield from _key_need(call, "GenerateDataKey", _chosen_key(call, bucket), bucket, key)


def _source_needs(call: Call, source: str) -> Iterator[Need]:
    path, _, query = source.lstrip("/").partition("?")
    bucket, _, key = path.partition("/")
    version = query.removeprefix("versionId=") or None
    yield Need(f"s3:{_versioned('GetObject', version)}", _arn(bucket, key), _context(call))
    yield from _reading_needs(call, bucket, key, version)


def _deletions(call: Call, bucket: str) -> Iterator[Need]:
    """One per object: those that are denied are reported, the others deleted."""
    stream = call.request.environ["wsgi.input"]
    body = stream.getvalue() if isinstance(stream, io.BytesIO) else b""
    if b"<!DOCTYPE" in body:
        yield Need("s3:DeleteObject", _arn(bucket, "*"))
        return
    try:
        root = ElementTree.fromstring(body)  # noqa: S314 (no document type: checked above)
    except ElementTree.ParseError:
        root = ElementTree.Element("Delete")
    for each in root:
        names = {part.tag.rpartition("}")[2]: part.text or "" for part in each}
        if "Key" in names:
            action = _versioned("DeleteObject", names.get("VersionId"))
            yield Need(f"s3:{action}", _arn(bucket, names["Key"]), _context(call))


def _versioned(action: str, version: str | None) -> str:
    return _WITH_VERSION.get(action, action) if version else action


def _arn(bucket: str, key: str = "") -> str:
    return f"arn:aws:s3:::{bucket}/{key}" if key else f"arn:aws:s3:::{bucket}"


def _context(call: Call) -> Context:
    args, headers = call.request.args, call.request.headers
    context = {condition: (args[name],) for name, condition in _QUERY.items() if name in args}
    if call.operation in ("ListObjects", "ListObjectsV2", "ListObjectVersions"):
        context.setdefault("s3:prefix", ("",))
    return {**context, **{f"s3:{name}": (headers[name],) for name in _HEADERS if name in headers}}


def _key_need(call: Call, action: str, key_id: str | None, bucket: str, key: str) -> Iterator[Need]:
    """The use of a KMS key on behalf of the caller."""
    arns = (_arn(bucket, key), _arn(bucket))
    yield from keys.needs(call, action, key_id, "s3", {"kms:encryptioncontext:aws:s3:arn": arns[:1]})


def _chosen_key(call: Call, bucket: str) -> str | None:
    """The KMS key of an object that is being written: what the request says, else the bucket's default."""
    headers, default = call.request.headers, _bucket_default(call, bucket)
    algorithm = headers.get("x-amz-server-side-encryption") or default.get("SSEAlgorithm", "")
    if not algorithm.startswith("aws:kms"):
        return None
    chosen = headers.get("x-amz-server-side-encryption-aws-kms-key-id")
    return chosen or str(default.get("KMSMasterKeyID") or "") or None


def _upload(call: Call, bucket: str) -> Any | None:
    found = keys.s3_bucket(call.account_id, bucket)
    return found.multiparts.get(call.request.args.get("uploadId", "")) if found else None


def _upload_key(call: Call, bucket: str, upload: Any) -> str | None:
    default = _bucket_default(call, bucket)
    algorithm = upload.sse_encryption or default.get("SSEAlgorithm", "")
    return (upload.kms_key_id or default.get("KMSMasterKeyID")) if algorithm.startswith("aws:kms") else None


def _bucket_default(call: Call, bucket: str) -> dict[str, Any]:
    found = keys.s3_bucket(call.account_id, bucket)
    rule = (found.encryption or {}).get("Rule", {}) if found else {}
    default: dict[str, Any] = rule.get("ApplyServerSideEncryptionByDefault", {})
    return default


def _key_of(stored: Any) -> str | None:
    key_id: str | None = stored.kms_key_id if str(stored.encryption or "").startswith("aws:kms") else None
    return key_id
