"""How AWS says no: which code, status and form each of its protocols has for a request that it does not accept.

See https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html and, for S3,
https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from enum import Enum
from http import HTTPStatus
from typing import Any
from xml.sax.saxutils import escape

XML_REST_SERVICES = frozenset({"cloudfront", "route53"})


class Protocol(Enum):
    """How a service writes its errors."""

    S3 = "s3"
    EC2 = "ec2"
    XML = "query and other XML"
    JSON = "json"
    REST_JSON = "rest-json"
    CBOR = "rpc-v2-cbor"


class Reason(Enum):
    """Why a request is not accepted: the codes that S3, EC2, the other XML services and the JSON services use."""

    ANONYMOUS = (
        "AccessDenied",
        "AuthFailure",
        "MissingAuthenticationToken",
        "MissingAuthenticationTokenException",
    )
    UNKNOWN_KEY = ("InvalidAccessKeyId", "AuthFailure", "InvalidClientTokenId", "UnrecognizedClientException")
    WRONG_SIGNATURE = (
        "SignatureDoesNotMatch",
        "AuthFailure",
        "SignatureDoesNotMatch",
        "InvalidSignatureException",
    )
    SKEWED = ("RequestTimeTooSkewed", "RequestExpired", "SignatureDoesNotMatch", "InvalidSignatureException")
    EXPIRED = ("AccessDenied", "RequestExpired", "SignatureDoesNotMatch", "InvalidSignatureException")
    EXPIRED_TOKEN = ("ExpiredToken", "RequestExpired", "ExpiredToken", "ExpiredTokenException")
    INVALID_TOKEN = ("InvalidToken", "AuthFailure", "InvalidClientTokenId", "UnrecognizedClientException")
    MALFORMED = (
        "AuthorizationHeaderMalformed",
        "AuthFailure",
        "IncompleteSignature",
        "IncompleteSignatureException",
    )
    FORBIDDEN = ("AccessDenied", "UnauthorizedOperation", "AccessDenied", "AccessDeniedException")
    TOO_LARGE = ("EntityTooLarge", "", "", "")


_BAD_REQUESTS = frozenset({
    "AuthorizationHeaderMalformed",
    "EntityTooLarge",
    "ExpiredToken",
    "IncompleteSignature",
    "IncompleteSignatureException",
    "InvalidToken",
    "RequestExpired",
})  # fmt: skip


class RefusedError(Exception):
    """A request that is not accepted, and what its sender can do about it."""

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason = reason


def protocol(environ: dict[str, Any], service: str) -> Protocol:
    """The protocol of a request to ``service``, the name in its signature; empty if it is not signed."""
    if environ.get("HTTP_SMITHY_PROTOCOL") == "rpc-v2-cbor":
        return Protocol.CBOR
    if "HTTP_X_AMZ_TARGET" in environ:
        return Protocol.JSON
    if service == "ec2":
        return Protocol.EC2
    if service in XML_REST_SERVICES or environ.get("CONTENT_TYPE", "").startswith(
        "application/x-www-form-urlencoded"
    ):
        return Protocol.XML
    return Protocol.S3 if service in ("", "s3") else Protocol.REST_JSON


def refuse(
    environ: dict[str, Any], start_response: Any, service: str, reason: Reason, message: str
) -> Iterable[bytes]:
    """Answer a request with an error as ``service`` writes it."""
    spoken = protocol(environ, service)
    code = _code(spoken, reason)
    body, content_type = _document(spoken, code, message)
    status = _status(spoken, code)
    headers = [("Content-Type", content_type), ("Content-Length", str(len(body)))]
    if spoken in (Protocol.JSON, Protocol.REST_JSON):
        headers.append(("x-amzn-ErrorType", code))
    if spoken is Protocol.CBOR:
        headers.append(("smithy-protocol", "rpc-v2-cbor"))
    start_response(f"{status.value} {status.phrase}", headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def _code(spoken: Protocol, reason: Reason) -> str:
    s3, ec2, xml, other = reason.value
    return {Protocol.S3: s3, Protocol.EC2: ec2, Protocol.XML: xml}.get(spoken, other)


def _status(spoken: Protocol, code: str) -> HTTPStatus:
    if code == "AuthFailure":
        return HTTPStatus.UNAUTHORIZED
    if spoken is Protocol.XML and code == "ExpiredToken":
        return HTTPStatus.FORBIDDEN
    if spoken in (Protocol.JSON, Protocol.CBOR) or code in _BAD_REQUESTS:
        return HTTPStatus.BAD_REQUEST
    return HTTPStatus.FORBIDDEN


def _document(spoken: Protocol, code: str, message: str) -> tuple[bytes, str]:
    request_id = str(uuid.uuid4())
    error = f"<Code>{code}</Code><Message>{escape(message)}</Message>"
    match spoken:
        case Protocol.S3:
            text = f"<Error>{error}<RequestId>{request_id}</RequestId></Error>"
        case Protocol.EC2:
            text = f"<Response><Errors><Error>{error}</Error></Errors><RequestID>{request_id}</RequestID></Response>"
        case Protocol.XML:
            text = (
                f"<ErrorResponse><Error><Type>Sender</Type>{error}</Error>"
                f"<RequestId>{request_id}</RequestId></ErrorResponse>"
            )
        case Protocol.CBOR:
            return _cbor({"__type": code, "message": message}), "application/cbor"
        case _:
            return json.dumps({"__type": code, "message": message}).encode(), "application/x-amz-json-1.1"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}'.encode(), "application/xml"


def _cbor(texts: dict[str, str]) -> bytes:
    """A map of texts in CBOR, RFC 8949."""
    parts = [bytes([0xA0 + len(texts)])]
    for text in (it for pair in texts.items() for it in pair):
        data = text.encode()
        parts.append(b"\x79" + len(data).to_bytes(2) + data)
    return b"".join(parts)
