"""Small ways in which S3 answers as on AWS, with moto as it is and with the adapters."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from email.header import decode_header, make_header
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto.s3.models import FakeKey

from cloudstage.adapters import s3
from cloudstage.adapters.registry import applied

from .gaps import Adapted, with_and_without


def bucket_that_denies(client: Callable[[str], Any], condition: dict[str, Any]) -> Any:
    """A client of the bucket `lake`, whose policy denies everything under the condition."""
    objects = client("s3")
    objects.create_bucket(Bucket="lake", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    statement = {
        "Effect": "Deny",
        "Principal": {"AWS": "*"},
        "Action": "s3:*",
        "Resource": ["arn:aws:s3:::lake", "arn:aws:s3:::lake/*"],
    }
    policy = {"Version": "2012-10-17", "Statement": [statement | condition]}
    objects.put_bucket_policy(Bucket="lake", Policy=json.dumps(policy))
    return objects


@with_and_without(s3.requests_count_as_tls)
def test_a_tls_only_bucket_answers(client: Callable[[str], Any], adapted: Adapted) -> None:
    with adapted:
        objects = bucket_that_denies(client, {"Condition": {"Bool": {"aws:SecureTransport": "false"}}})
        objects.put_object(Bucket="lake", Key="a", Body=b"content")
        assert objects.get_object(Bucket="lake", Key="a")["Body"].read() == b"content"


def test_any_other_denial_stays_one(client: Callable[[str], Any]) -> None:
    with applied(s3.requests_count_as_tls):
        objects = bucket_that_denies(client, {})
        with pytest.raises(ClientError):
            objects.put_object(Bucket="lake", Key="a", Body=b"content")


@pytest.fixture
def objects(client: Callable[[str], Any]) -> Any:
    """A client of S3 that has the bucket `lake` with the object `a`."""
    objects = client("s3")
    objects.create_bucket(Bucket="lake", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    objects.put_object(Bucket="lake", Key="a", Body=b"content")
    return objects


@with_and_without(s3.encryption_is_named)
def test_an_object_is_encrypted_by_default(objects: Any, adapted: Adapted) -> None:
    with adapted:
        assert objects.put_object(Bucket="lake", Key="b", Body=b"x")["ServerSideEncryption"] == "AES256"
        assert objects.head_object(Bucket="lake", Key="a")["ServerSideEncryption"] == "AES256"
        upload = objects.create_multipart_upload(Bucket="lake", Key="c")
        assert upload["ServerSideEncryption"] == "AES256"


@with_and_without(s3.empty_tag_sets_are_accepted)
def test_an_empty_tag_set_removes_the_tags(objects: Any, adapted: Adapted) -> None:
    objects.put_object_tagging(Bucket="lake", Key="a", Tagging={"TagSet": [{"Key": "k", "Value": "v"}]})
    with adapted:
        objects.put_object_tagging(Bucket="lake", Key="a", Tagging={"TagSet": []})
    assert objects.get_object_tagging(Bucket="lake", Key="a")["TagSet"] == []


@with_and_without(s3.metadata_may_hold_any_character)
def test_metadata_comes_back_encoded(adapted: Adapted) -> None:
    with adapted:
        key = FakeKey("a", b"", account_id="123456789012", region_name="eu-central-1")
        key.set_metadata({"x-amz-meta-city": "Łódź"})
        key.dispose()
    assert str(make_header(decode_header(key.metadata["x-amz-meta-city"]))) == "Łódź"
    assert key.metadata["x-amz-meta-city"].isascii()


@with_and_without(s3.other_ranges_are_ignored)
def test_a_range_of_no_unit_returns_the_whole_object(objects: Any, adapted: Adapted) -> None:
    with adapted:
        assert objects.get_object(Bucket="lake", Key="a", Range="0-1")["Body"].read() == b"content"
        assert objects.get_object(Bucket="lake", Key="a", Range="bytes=0-1")["Body"].read() == b"co"


@with_and_without(s3.uploads_in_parts_have_an_acl)
def test_an_object_uploaded_in_parts_is_private(objects: Any, adapted: Adapted) -> None:
    with adapted:
        upload = objects.create_multipart_upload(Bucket="lake", Key="b")["UploadId"]
        part = objects.upload_part(Bucket="lake", Key="b", UploadId=upload, PartNumber=1, Body=b"x")
        parts = {"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}
        objects.complete_multipart_upload(Bucket="lake", Key="b", UploadId=upload, MultipartUpload=parts)
        grants = objects.get_object_acl(Bucket="lake", Key="b")["Grants"]
    assert [grant["Permission"] for grant in grants] == ["FULL_CONTROL"]


@with_and_without(s3.retention_is_returned)
def test_the_retention_of_an_object_is_returned(client: Callable[[str], Any], adapted: Adapted) -> None:
    objects = client("s3")
    location = {"LocationConstraint": "eu-central-1"}
    objects.create_bucket(
        Bucket="locked", CreateBucketConfiguration=location, ObjectLockEnabledForBucket=True
    )
    until = datetime.datetime(2100, 1, 1, tzinfo=datetime.UTC)
    objects.put_object(
        Bucket="locked", Key="a", Body=b"x", ObjectLockMode="GOVERNANCE", ObjectLockRetainUntilDate=until
    )
    with adapted:
        retention = objects.get_object_retention(Bucket="locked", Key="a")["Retention"]
    assert retention == {"Mode": "GOVERNANCE", "RetainUntilDate": until}


@with_and_without(s3.uploads_that_are_gone_are_refused)
def test_an_upload_that_is_gone_is_not_found(objects: Any, adapted: Adapted) -> None:
    upload = objects.create_multipart_upload(Bucket="lake", Key="b")["UploadId"]
    with adapted:
        for upload_id, code in (("gone", "NoSuchUpload"), (upload, "InvalidRequest")):
            with pytest.raises(ClientError, match=code):
                objects.complete_multipart_upload(
                    Bucket="lake", Key="b", UploadId=upload_id, MultipartUpload={"Parts": []}
                )
