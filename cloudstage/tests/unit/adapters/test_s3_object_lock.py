"""Buckets with locked objects can be changed."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from cloudstage.adapters import s3_object_lock

from .gaps import Adapted, with_and_without

PLACE = {"LocationConstraint": "eu-central-1"}
LOCK = {
    "ObjectLockEnabled": "Enabled",
    "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 3}},
}
UNTIL = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1)


@with_and_without(s3_object_lock.the_default_retention_can_be_changed)
def test_the_retention_changes_when_there_are_objects(client: Callable[[str], Any], adapted: Adapted) -> None:
    s3 = client("s3")
    s3.create_bucket(Bucket="audit", CreateBucketConfiguration=PLACE, ObjectLockEnabledForBucket=True)
    s3.put_object(Bucket="audit", Key="k", Body=b"")
    with adapted:
        s3.put_object_lock_configuration(Bucket="audit", ObjectLockConfiguration=LOCK)
    rule = s3.get_object_lock_configuration(Bucket="audit")["ObjectLockConfiguration"]["Rule"]
    assert rule["DefaultRetention"]["Days"] == 3


@with_and_without(s3_object_lock.any_checksum_will_do)
def test_an_object_is_locked_with_the_checksum_alone(client: Callable[[str], Any], adapted: Adapted) -> None:
    s3 = client("s3")
    s3.create_bucket(Bucket="audit", CreateBucketConfiguration=PLACE, ObjectLockEnabledForBucket=True)
    s3.put_object_lock_configuration(Bucket="audit", ObjectLockConfiguration=LOCK)
    s3.put_object(Bucket="audit", Key="k", Body=b"x")
    s3.meta.events.register("before-sign.s3.PutObjectRetention", _as_the_sdk_for_go)
    with adapted:
        s3.put_object_retention(
            Bucket="audit", Key="k", Retention={"Mode": "GOVERNANCE", "RetainUntilDate": UNTIL}
        )
        assert s3.head_object(Bucket="audit", Key="k")["ObjectLockMode"] == "GOVERNANCE"


def _as_the_sdk_for_go(request: Any, **_: Any) -> None:
    for name in ("x-amz-sdk-checksum-algorithm", "Content-MD5"):
        if name in request.headers:
            del request.headers[name]
