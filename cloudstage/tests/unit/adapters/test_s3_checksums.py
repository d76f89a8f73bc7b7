"""What S3 checks of an upload, with moto as it is and with the adapters."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudstage.adapters import s3_checksum_answers, s3_checksums
from cloudstage.adapters.registry import applied

from .gaps import Adapted, with_and_without

BUCKET = "checked"
CHECK = b"123456789"
# The check values that the catalogue of CRC algorithms (reveng.sourceforge.io) gives for these nine digits.
CRC32C = base64.b64encode(bytes.fromhex("e3069283")).decode()
CRC64NVME = base64.b64encode(bytes.fromhex("ae8b14860a799888")).decode()


@pytest.fixture
def s3(client: Callable[[str], Any]) -> Any:
    s3 = client("s3")
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    return s3


def md5_of(body: bytes) -> str:
    return base64.b64encode(hashlib.md5(body, usedforsecurity=False).digest()).decode()


def upload_in_parts(s3: Any, key: str, *parts: bytes, **options: Any) -> Any:
    upload = s3.create_multipart_upload(Bucket=BUCKET, Key=key, **options)["UploadId"]
    etags = [
        s3.upload_part(Bucket=BUCKET, Key=key, UploadId=upload, PartNumber=number, Body=part)["ETag"]
        for number, part in enumerate(parts, 1)
    ]
    described = [{"PartNumber": number, "ETag": etag} for number, etag in enumerate(etags, 1)]
    return s3.complete_multipart_upload(
        Bucket=BUCKET, Key=key, UploadId=upload, MultipartUpload={"Parts": described}
    )


@with_and_without(s3_checksums.checksums_are_what_they_are_called)
def test_a_crc32c_is_one(s3: Any, adapted: Adapted) -> None:
    options = {"ChecksumAlgorithm": "CRC32C", "ChecksumType": "FULL_OBJECT"}
    with adapted:
        upload_in_parts(s3, "a", CHECK, **options)
        downloaded = s3.get_object(Bucket=BUCKET, Key="a", ChecksumMode="ENABLED")
        assert downloaded["Body"].read() == CHECK
    assert downloaded["ChecksumCRC32C"] == CRC32C


@with_and_without(s3_checksums.uploads_are_verified)
def test_a_damaged_upload_is_refused(s3: Any, adapted: Adapted) -> None:
    upload = s3.create_multipart_upload(Bucket=BUCKET, Key="b")["UploadId"]
    claims = [
        ({"ContentMD5": md5_of(b"other")}, "BadDigest"),
        ({"ContentMD5": "000"}, "InvalidDigest"),
        ({"ChecksumSHA256": base64.b64encode(hashlib.sha256(b"other").digest()).decode()}, "BadDigest"),
        ({"ChecksumCRC32": "nonsense"}, "InvalidRequest"),
    ]
    with adapted:
        for claim, code in claims:
            with pytest.raises(ClientError, match=code):
                s3.put_object(Bucket=BUCKET, Key="a", Body=b"body", **claim)
            with pytest.raises(ClientError, match=code):
                s3.upload_part(Bucket=BUCKET, Key="b", UploadId=upload, PartNumber=1, Body=b"body", **claim)
        assert "Contents" not in s3.list_objects_v2(Bucket=BUCKET)


def test_an_intact_upload_is_stored(s3: Any) -> None:
    with applied(s3_checksums.uploads_are_verified):
        put = s3.put_object(
            Bucket=BUCKET, Key="a", Body=b"body", ContentMD5=md5_of(b"body"), ChecksumAlgorithm="SHA256"
        )
        read = s3.get_object(Bucket=BUCKET, Key="a", ChecksumMode="ENABLED")
    assert put["ChecksumSHA256"] == base64.b64encode(hashlib.sha256(b"body").digest()).decode()
    assert (read["ChecksumSHA256"], read["ChecksumType"]) == (put["ChecksumSHA256"], "FULL_OBJECT")


@with_and_without(s3_checksum_answers.multipart_uploads_have_a_checksum)
def test_an_upload_in_parts_has_a_checksum(s3: Any, adapted: Adapted) -> None:
    with adapted:
        completed = upload_in_parts(s3, "a", CHECK)
        read = s3.get_object(Bucket=BUCKET, Key="a", ChecksumMode="ENABLED")
    for answer in (completed, read):
        assert (answer["ChecksumCRC64NVME"], answer["ChecksumType"]) == (CRC64NVME, "FULL_OBJECT")


@with_and_without(s3_checksum_answers.head_object_returns_the_checksum)
def test_the_checksum_of_parts_says_how_many_they_are(s3: Any, adapted: Adapted) -> None:
    upload_in_parts(s3, "a", bytes(5 << 20), b"rest", ChecksumAlgorithm="SHA256")
    with adapted:
        head = s3.head_object(Bucket=BUCKET, Key="a", ChecksumMode="ENABLED")
    assert head["ChecksumSHA256"].endswith("-2")
    assert head["ChecksumType"] == "COMPOSITE"


@with_and_without(s3_checksum_answers.copies_have_a_checksum)
def test_the_copy_of_an_upload_in_parts_is_whole(s3: Any, adapted: Adapted) -> None:
    upload_in_parts(s3, "a", CHECK, ChecksumAlgorithm="SHA256")
    with adapted:
        copied = s3.copy_object(Bucket=BUCKET, Key="b", CopySource=f"{BUCKET}/a")["CopyObjectResult"]
    assert copied["ChecksumSHA256"] == base64.b64encode(hashlib.sha256(CHECK).digest()).decode()
    assert copied["ChecksumType"] == "FULL_OBJECT"


@with_and_without(s3_checksum_answers.copies_have_preconditions)
def test_a_copy_does_not_replace_what_must_be_missing(s3: Any, adapted: Adapted) -> None:
    for key in ("a", "b"):
        s3.put_object(Bucket=BUCKET, Key=key, Body=key.encode())
    with adapted, pytest.raises(ClientError, match="PreconditionFailed"):
        s3.copy_object(Bucket=BUCKET, Key="b", CopySource=f"{BUCKET}/a", IfNoneMatch="*")
    assert s3.get_object(Bucket=BUCKET, Key="b")["Body"].read() == b"b"


@with_and_without(s3_checksum_answers.listings_name_the_checksums)
def test_a_listing_names_the_checksum(s3: Any, adapted: Adapted) -> None:
    upload_in_parts(s3, "a ü", CHECK, ChecksumAlgorithm="SHA256")
    with adapted:
        listings = (
            s3.list_objects(Bucket=BUCKET)["Contents"],
            s3.list_objects_v2(Bucket=BUCKET)["Contents"],
            s3.list_object_versions(Bucket=BUCKET)["Versions"],
        )
    for [listed] in listings:
        assert (listed["ChecksumAlgorithm"], listed["ChecksumType"]) == (["SHA256"], "COMPOSITE")
