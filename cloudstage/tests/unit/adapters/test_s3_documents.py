"""Configurations of a bucket come back as they were put."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cloudstage.adapters import s3_documents

from .gaps import Adapted, with_and_without

BUCKET = "lake"
PLACE = {"LocationConstraint": "eu-central-1"}


@with_and_without(s3_documents.documents_come_back_as_given)
def test_a_lifecycle(client: Callable[[str], Any], adapted: Adapted) -> None:
    s3 = client("s3")
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration=PLACE)
    rule = {
        "ID": "old",
        "Status": "Enabled",
        "Filter": {"And": {"Prefix": "raw/", "ObjectSizeGreaterThan": 1000, "ObjectSizeLessThan": 9000}},
        "NoncurrentVersionExpiration": {"NoncurrentDays": 30, "NewerNoncurrentVersions": 2},
    }
    with adapted:
        s3.put_bucket_lifecycle_configuration(
            Bucket=BUCKET,
            LifecycleConfiguration={"Rules": [rule]},
            TransitionDefaultMinimumObjectSize="varies_by_storage_class",
        )
        answer = s3.get_bucket_lifecycle_configuration(Bucket=BUCKET)
        assert answer["Rules"] == [rule]
        assert answer["TransitionDefaultMinimumObjectSize"] == "varies_by_storage_class"
        s3.delete_bucket_lifecycle(Bucket=BUCKET)
        assert (
            _code(s3, lambda: s3.get_bucket_lifecycle_configuration(Bucket=BUCKET))
            == "NoSuchLifecycleConfiguration"
        )


@with_and_without(s3_documents.documents_come_back_as_given)
def test_a_replication(client: Callable[[str], Any], adapted: Adapted) -> None:
    s3 = client("s3")
    for name in (BUCKET, "copy"):
        s3.create_bucket(Bucket=name, CreateBucketConfiguration=PLACE)
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    rule = {
        "ID": "all",
        "Priority": 1,
        "Status": "Enabled",
        "Filter": {"Prefix": "raw/"},
        "DeleteMarkerReplication": {"Status": "Enabled"},
        "Destination": {"Bucket": "arn:aws:s3:::copy"},
    }
    given = {"Role": "arn:aws:iam::123456789012:role/copy", "Rules": [rule]}
    with adapted:
        s3.put_bucket_replication(Bucket=BUCKET, ReplicationConfiguration=given)
        assert s3.get_bucket_replication(Bucket=BUCKET)["ReplicationConfiguration"] == given


@with_and_without(s3_documents.the_payer_is_kept)
def test_who_pays(client: Callable[[str], Any], adapted: Adapted) -> None:
    s3 = client("s3")
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration=PLACE)
    with adapted:
        assert s3.get_bucket_request_payment(Bucket=BUCKET)["Payer"] == "BucketOwner"
        s3.put_bucket_request_payment(Bucket=BUCKET, RequestPaymentConfiguration={"Payer": "Requester"})
        assert s3.get_bucket_request_payment(Bucket=BUCKET)["Payer"] == "Requester"


def _code(s3: Any, call: Callable[[], Any]) -> str:
    try:
        call()
    except s3.exceptions.ClientError as error:
        return str(error.response["Error"]["Code"])
    return ""
