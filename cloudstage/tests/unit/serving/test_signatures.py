"""Signatures as several clients make them, verified without a server."""

from __future__ import annotations

import datetime
import io
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.auth import HmacV1Auth, HmacV1QueryAuth, S3SigV4Auth, S3SigV4QueryAuth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from moto.core.request import PRESERVED_HEADER_NAMES_ENVIRON_KEY, environ_key_for_header

from cloudstage.serving.refusal import Reason, RefusedError
from cloudstage.serving.signatures import v2, v4

KEYS = Credentials("AKIAEXAMPLE", "the secret")
BASE = "http://127.0.0.1:4566"


def signed(signer: Any, url: str, headers: dict[str, str] | None = None, body: bytes = b"") -> dict[str, Any]:
    """A request that botocore has signed, as it reaches the server."""
    request = AWSRequest("PUT", BASE + url, headers or {}, body)
    signer.add_auth(request)
    return environ(request, body)


def environ(request: AWSRequest, body: bytes) -> dict[str, Any]:
    parts = urlsplit(request.url)
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    headers = {environ_key_for_header(name): value for name, value in request.headers.items()}
    return {
        PRESERVED_HEADER_NAMES_ENVIRON_KEY: {
            environ_key_for_header(it): it for it in request.headers if "_" in it
        },
        "REQUEST_METHOD": request.method,
        "REQUEST_URI": target,
        "QUERY_STRING": parts.query,
        "HTTP_HOST": parts.netloc,
        "wsgi.input": io.BytesIO(body),
        **headers,
    }


def verify(request: dict[str, Any]) -> bool:
    claim = v4.read(request) or v2.read(request)
    assert claim
    assert claim.access_key_id == KEYS.access_key
    assert not claim.matches(request, "another secret")
    claim.check_time(datetime.datetime.now(datetime.UTC))
    return claim.matches(request, KEYS.secret_key)


SIGNERS = {
    "S3": S3SigV4Auth(KEYS, "s3", "eu-central-1"),
    "S3, presigned": S3SigV4QueryAuth(KEYS, "s3", "eu-central-1"),
    "S3, version 2": HmacV1Auth(KEYS),
    "S3, version 2, presigned": HmacV1QueryAuth(KEYS),
    "another service": SigV4Auth(KEYS, "lambda", "eu-central-1"),
}
URLS = [
    "/",
    "/lake/a%20b/%C3%BC%2B%28%29~.txt",
    "/lake//twice/./dots/../a",
    "/lake?acl",
    "/lake?prefix=a%2Fb&list-type=2&delimiter=%2F",
    "/functions/arn%3Aaws%3Alambda%3Aeu-central-1%3A1%3Afunction%3Af/invocations?Qualifier=1",
    "/lake/key?tags=b&tags=a&versionId=",
]


@pytest.mark.parametrize("url", URLS)
@pytest.mark.parametrize("signer", SIGNERS.values(), ids=list(SIGNERS))
def test_what_botocore_signs_is_verified(signer: Any, url: str) -> None:
    headers = {"x-amz-meta-with_underscore": "two  spaces", "Content-Type": "text/plain"}

    assert verify(signed(signer, url, headers))


@pytest.mark.parametrize("signer", SIGNERS.values(), ids=list(SIGNERS))
@pytest.mark.parametrize("change", [{"REQUEST_METHOD": "DELETE"}, {"REQUEST_URI": "/lake/another"}])
def test_a_changed_request_is_not(signer: Any, change: dict[str, str]) -> None:
    request = signed(signer, "/lake/key?versionId=1", {"Content-Type": "text/plain"})
    if "REQUEST_URI" in change:
        change = {"REQUEST_URI": request["REQUEST_URI"].replace("key", "another")}

    assert not verify({**request, **change})


def test_a_changed_body_is_not_where_the_request_does_not_say_its_hash() -> None:
    signer = SIGNERS["another service"]
    assert verify(signed(signer, "/", {}, b"body"))
    assert not verify({**signed(signer, "/", {}, b"body"), "wsgi.input": io.BytesIO(b"another")})


def test_a_body_that_was_hashed_can_still_be_read() -> None:
    request = signed(SIGNERS["another service"], "/", {}, b"body")

    assert verify(request)
    assert request["wsgi.input"].read() == b"body"


def test_no_body_is_read_where_the_request_says_its_hash() -> None:
    for name in ("S3", "S3, presigned", "S3, version 2"):
        request = signed(SIGNERS[name], "/lake/key")
        assert verify({**request, "wsgi.input": None})


def test_a_blank_in_the_query_may_be_sent_as_a_plus() -> None:
    request = AWSRequest("POST", f"{BASE}/", params={"Action": "Publish", "Message": "a b+c"})
    SigV4Auth(KEYS, "sns", "eu-central-1").add_auth(request)
    prepared = request.prepare()
    assert "a+b%2Bc" in prepared.url
    assert verify(environ(AWSRequest("POST", prepared.url, dict(prepared.headers)), b""))


def test_a_path_may_be_sent_less_encoded_than_it_was_signed() -> None:
    """As Java's and Go's HTTP clients do with some characters."""
    request = signed(SIGNERS["S3"], "/lake/a%28b%29%3D%40")

    assert verify({**request, "REQUEST_URI": "/lake/a(b)=@"})


def test_a_date_header_is_as_good_as_amazons() -> None:
    assert verify(signed(SIGNERS["another service"], "/", {"Date": "to be replaced"}))


@pytest.mark.parametrize(
    "authorization",
    [
        "AWS4-HMAC-SHA256",
        "AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=c",
        "AWS4-HMAC-SHA256 Credential=a/20200101/r/s/aws4_request, SignedHeaders=host, Signature=c",
        "AWS4-HMAC-SHA256 Credential=a/20260101/r/s/aws4_request, SignedHeaders=date, Signature=c",
        "AWS4-ECDSA-P256-SHA256 Credential=a/20260101/s/aws4_request, SignedHeaders=host, Signature=c",
        "AWS ",
    ],
)
def test_what_is_not_a_whole_signature_is_refused(authorization: str) -> None:
    request = {
        "HTTP_AUTHORIZATION": authorization,
        "HTTP_X_AMZ_DATE": "20260101T000000Z",
        "QUERY_STRING": "",
        "REQUEST_METHOD": "GET",
    }
    with pytest.raises(RefusedError) as refused:
        _ = v4.read(request) or v2.read(request)
    assert refused.value.reason is Reason.MALFORMED
