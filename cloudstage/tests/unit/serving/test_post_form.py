"""Upload forms as boto3 makes them, verified without a server."""

from __future__ import annotations

import datetime
import io
from typing import Any

import boto3
import pytest
import urllib3
from botocore.config import Config

from cloudstage.serving.refusal import Reason, RefusedError
from cloudstage.serving.signatures import post_form
from cloudstage.serving.signatures.post_form import PostForm

NOW = datetime.datetime.now(datetime.UTC)
CONDITIONS = [["content-length-range", 2, 5], ["starts-with", "$x-amz-meta-who", "a"]]


def presigned(version: str = "s3v4", key: str = "uploads/${filename}", **options: Any) -> dict[str, str]:
    """The fields of a form that uploads under ``uploads/``."""
    s3 = boto3.client(
        "s3",
        region_name="eu-central-1",
        aws_access_key_id="AKIAEXAMPLE",
        aws_secret_access_key="the secret",
        config=Config(signature_version=version),
    )
    fields: dict[str, str] = s3.generate_presigned_post("lake", key, **options)["fields"]
    return fields


def sent(fields: dict[str, str], body: bytes = b"body", path: str = "/lake") -> dict[str, Any]:
    """The request of a browser that uploads ``body``."""
    data, kind = urllib3.encode_multipart_formdata({**fields, "file": ("name", body)})
    return {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": path,
        "CONTENT_TYPE": kind,
        "CONTENT_LENGTH": str(len(data)),
        "HTTP_HOST": "127.0.0.1:1",
        "wsgi.input": io.BytesIO(data),
    }


def read(request: dict[str, Any]) -> PostForm:
    form = post_form.read(request)
    assert form
    return form


def refused(request: dict[str, Any], now: datetime.datetime = NOW) -> Reason:
    with pytest.raises(RefusedError) as error:
        read(request).check_time(now)
    return error.value.reason


@pytest.mark.parametrize("version", ["s3", "s3v4"])
def test_a_form_that_boto3_made_is_verified_and_can_still_be_read(version: str) -> None:
    request = sent(presigned(version))
    whole = request["wsgi.input"].getvalue()
    form = read(request)

    assert form.access_key_id == "AKIAEXAMPLE"
    assert form.matches(request, "the secret")
    assert not form.matches(request, "another")
    form.check_time(NOW)
    assert request["wsgi.input"].read() == whole


@pytest.mark.parametrize("version", ["s3", "s3v4"])
def test_a_changed_policy_is_not_verified(version: str) -> None:
    fields, other = presigned(version), presigned(version, "another")

    assert not read(sent({**fields, "policy": other["policy"]})).matches({}, "the secret")


def test_an_upload_is_what_the_policy_says() -> None:
    fields = presigned(Fields={"x-amz-meta-who": "anna"}, Conditions=CONDITIONS)

    read(sent(fields)).check_time(NOW)
    assert refused(sent(fields, b"x")) is Reason.TOO_LARGE
    assert refused(sent(fields, b"too long")) is Reason.TOO_LARGE
    assert refused(sent({**fields, "x-amz-meta-who": "bob"})) is Reason.FORBIDDEN
    assert refused(sent({**fields, "acl": "public-read"})) is Reason.FORBIDDEN
    assert refused(sent({**fields, "key": "../elsewhere"})) is Reason.FORBIDDEN
    assert refused(sent(fields, path="/another")) is Reason.FORBIDDEN


def test_a_form_expires() -> None:
    fields = presigned(ExpiresIn=60)

    later = datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes=2)
    assert refused(sent(fields), later) is Reason.EXPIRED


@pytest.mark.parametrize(
    "fields",
    [{"policy": "e30="}, {"policy": "nonsense", "x-amz-signature": "a", "x-amz-credential": "a/b/c/d/e"}],
)
def test_half_a_signature_is_refused(fields: dict[str, str]) -> None:
    assert refused(sent(fields)) is Reason.MALFORMED


def test_a_form_without_a_policy_is_not_signed() -> None:
    assert post_form.read(sent({"key": "a"})) is None
