"""AWS Signature Version 4, in a header or in the query of a presigned URL.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

from __future__ import annotations

import datetime
import email.utils
import functools
import hashlib
import hmac
import io
import re
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, quote, unquote

from botocore.auth import S3SigV4Auth, SigV4Auth
from moto.core.request import environ_key_for_header

from cloudstage.serving.refusal import Reason, RefusedError
from cloudstage.serving.signatures.claim import Claim, check_expiry, check_skew, raw_target

ALGORITHM = "AWS4-HMAC-SHA256"
LONGEST_EXPIRY_SECONDS = 604_800
UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD"
_TIMESTAMP = re.compile(r"\d{8}T\d{6}Z")
_SIGNATURE_PARAMETER = "X-Amz-Signature"


@dataclass(frozen=True)
class SignatureV4(Claim):
    """A signature of version 4.

    Attributes:
        scope: date, region and service of the key that signed, and ``aws4_request``.
        signed_at: as the request says it, in ISO 8601's basic format.
        signed_headers: the lower-case names of the headers that the signature covers.
        signature: in hexadecimal digits.
        expires_seconds: how long a presigned URL is valid; None if the signature is in a header.
    """

    scope: str
    signed_at: str
    signed_headers: tuple[str, ...]
    signature: str
    expires_seconds: int | None

    def matches(self, environ: dict[str, Any], secret: str) -> bool:
        """Whether the signature of this request was made with ``secret``."""
        payload = self._payload(environ)
        sent = raw_target(environ)
        targets = dict.fromkeys((sent, _encoded_again(*sent), _encoded_again(sent[0], _with_spaces(sent[1]))))
        return any(self._made_for(environ, *target, payload, secret) for target in targets)

    def check_time(self, now: datetime.datetime) -> None:
        """Raise RefusedError if the request is too old, signed in the future, or has expired."""
        signed_at = _time(self.signed_at)
        if self.expires_seconds is None or signed_at > now:
            check_skew(signed_at, now)
        if self.expires_seconds is not None:
            check_expiry(signed_at + datetime.timedelta(seconds=self.expires_seconds), now)

    def _made_for(self, environ: dict[str, Any], path: str, query: str, payload: str, secret: str) -> bool:
        if self.expires_seconds is not None:
            query = "&".join(it for it in query.split("&") if not it.startswith(_SIGNATURE_PARAMETER))
        url = f"http://host{path}?{query}"
        method = environ["REQUEST_METHOD"]
        headers = {name: _header(environ, name) for name in self.signed_headers}
        request = SimpleNamespace(method=method, url=url, params=None, headers=headers, payload=payload)
        signer = _S3 if self.service == "s3" else _OTHERS
        digest = hashlib.sha256(signer.canonical_request(request).encode()).hexdigest()
        text = "\n".join((ALGORITHM, self.signed_at, self.scope, digest))
        date, region, service, _ = self.scope.split("/")
        expected = hmac.digest(signing_key(secret, date, region, service), text.encode(), "sha256").hex()
        return hmac.compare_digest(expected.encode(), self.signature.encode())

    def _payload(self, environ: dict[str, Any]) -> str:
        """The hash of the body. What S3's clients say it is, is not verified: bodies may be large."""
        if self.expires_seconds is None or "x-amz-content-sha256" in self.signed_headers:
            if stated := environ.get("HTTP_X_AMZ_CONTENT_SHA256"):
                return str(stated)
        elif self.service == "s3":
            return UNSIGNED_PAYLOAD
        body = environ["wsgi.input"].read()
        environ["wsgi.input"] = io.BytesIO(body)
        return hashlib.sha256(body).hexdigest()


def read(environ: dict[str, Any]) -> SignatureV4 | None:
    """The signature of version 4 that a request carries; None if it carries none.

    Raises:
        RefusedError: it is not complete.
    """
    try:
        authorization = environ.get("HTTP_AUTHORIZATION", "")
        if authorization.startswith("AWS4-"):
            return _from_header(authorization, environ)
        if "X-Amz-Algorithm=" in environ["QUERY_STRING"]:
            return _from_query(dict(parse_qsl(environ["QUERY_STRING"], keep_blank_values=True)))
    except (KeyError, ValueError) as error:
        raise RefusedError(
            Reason.MALFORMED, f"The signature of the request is not complete or not legal: {error}"
        ) from None
    return None


@functools.lru_cache(maxsize=1024)
def signing_key(secret: str, date: str, region: str, service: str) -> bytes:
    """The key that ``secret`` gives for one day, region and service."""
    key = f"AWS4{secret}".encode()
    for part in (date, region, service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key


def _from_header(authorization: str, environ: dict[str, Any]) -> SignatureV4:
    algorithm, _, text = authorization.partition(" ")
    fields = dict(part.strip().split("=", 1) for part in text.split(","))
    fields["Algorithm"] = algorithm
    fields["Date"] = environ.get("HTTP_X_AMZ_DATE") or _basic_format(environ["HTTP_DATE"])
    return _claim(fields, environ.get("HTTP_X_AMZ_SECURITY_TOKEN"), None)


def _from_query(query: dict[str, str]) -> SignatureV4:
    expires = int(query["X-Amz-Expires"])
    if not 0 < expires <= LONGEST_EXPIRY_SECONDS:
        raise ValueError(f"X-Amz-Expires must be between 1 and {LONGEST_EXPIRY_SECONDS} seconds")
    fields = {name.removeprefix("X-Amz-"): value for name, value in query.items()}
    return _claim(fields, query.get("X-Amz-Security-Token"), expires)


def _claim(fields: dict[str, str], token: str | None, expires: int | None) -> SignatureV4:
    if fields["Algorithm"] != ALGORITHM:
        raise ValueError(f"the algorithm must be {ALGORITHM}, not {fields['Algorithm']}")
    access_key_id, date, region, service, terminator = fields["Credential"].rsplit("/", 4)
    signed_at = fields["Date"]
    _time(signed_at)
    if (date, terminator) != (signed_at[:8], "aws4_request"):
        raise ValueError(
            f"the credential {fields['Credential']!r} is not for a request signed at {signed_at}"
        )
    names = tuple(sorted(fields["SignedHeaders"].lower().split(";")))
    if "host" not in names:
        raise ValueError("the header Host must be signed")
    scope = f"{date}/{region}/{service}/{terminator}"
    return SignatureV4(access_key_id, token, service, scope, signed_at, names, fields["Signature"], expires)


def _time(text: str) -> datetime.datetime:
    if not _TIMESTAMP.fullmatch(text):
        raise ValueError(f"{text!r} is not a time such as 20261231T235959Z")
    return datetime.datetime.fromisoformat(text)


def _basic_format(date: str) -> str:
    """The value of the header Date, which a client may send in place of X-Amz-Date, as the signature has it."""
    return email.utils.parsedate_to_datetime(date).astimezone(datetime.UTC).strftime("%Y%m%dT%H%M%SZ")


def _header(environ: dict[str, Any], name: str) -> str:
    value = str(environ.get(environ_key_for_header(name), ""))
    # A header's bytes come as Latin-1, and clients sign them as UTF-8.
    return value if value.isascii() else value.encode("latin-1").decode("utf-8", "replace")


def _encoded_again(path: str, query: str) -> tuple[str, str]:
    """The same target, percent-encoded as the specification asks of both sides, which some clients only sign."""
    pairs = [it.partition("=") for it in query.split("&")] if query else []
    encoded = "&".join(
        f"{quote(unquote(it), safe='-_.~')}={quote(unquote(v), safe='-_.~')}" for it, _, v in pairs
    )
    return quote(unquote(path), safe="/-_.~"), encoded


def _with_spaces(query: str) -> str:
    """The query of a client that sends a plus for a blank, as forms do, and signs the blank."""
    return query.replace("+", "%20")


class _AsSent:
    """Takes the signed headers of a request as they are, where a signer would choose from them."""

    def headers_to_sign(self, request: Any) -> dict[str, str]:
        return request.headers  # type: ignore[no-any-return]

    def canonical_headers(self, headers: dict[str, str]) -> str:
        return "\n".join(f"{name}:{' '.join(value.split())}" for name, value in headers.items())

    def signed_headers(self, headers: dict[str, str]) -> str:
        return ";".join(headers)

    def payload(self, request: Any) -> str:
        return request.payload  # type: ignore[no-any-return]


class _S3Signer(_AsSent, S3SigV4Auth):  # type: ignore[misc]
    """How S3 makes a request canonical: with the path as it is."""


class _Signer(_AsSent, SigV4Auth):  # type: ignore[misc]
    """How the other services make a request canonical."""


_S3 = _S3Signer(None, "", "")
_OTHERS = _Signer(None, "", "")
