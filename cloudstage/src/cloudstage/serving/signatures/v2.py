"""AWS Signature Version 2 as S3 has it: boto3 still makes presigned URLs with it unless it is told otherwise.

https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html
"""

from __future__ import annotations

import datetime
import email.utils
import hmac
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from botocore.auth import HmacV1Auth
from botocore.compat import HTTPHeaders
from botocore.credentials import Credentials
from moto.core.request import EnvironHeaders

from cloudstage.serving.refusal import Reason, RefusedError
from cloudstage.serving.s3_target import bucket_of_host
from cloudstage.serving.signatures.claim import Claim, check_expiry, check_skew, raw_target

_SIGNED = ("content-md5", "content-type")


@dataclass(frozen=True)
class SignatureV2(Claim):
    """A signature of version 2.

    Attributes:
        date: what was signed in the place of a date: the header's text, or the second at which a URL expires.
        signature: in Base64.
        presigned: whether it is in the query of a presigned URL.
    """

    date: str
    signature: str
    presigned: bool

    def matches(self, environ: dict[str, Any], secret: str) -> bool:
        """Whether the signature of this request was made with ``secret``."""
        path, query = raw_target(environ)
        # With x-amz-date the date's own place stays empty.
        signer = _Signer(self.access_key_id, secret, "" if "HTTP_X_AMZ_DATE" in environ else self.date)
        headers = HTTPHeaders()
        sent = [*EnvironHeaders(environ).items()]
        if self.presigned:  # what was signed as a header is carried by the query
            sent += parse_qsl(query, keep_blank_values=True)
        for name, value in sent:
            if (name.lower().startswith("x-amz-") or name.lower() in _SIGNED) and name not in headers:
                headers[name] = value
        bucket = bucket_of_host(environ)
        full_path = f"/{bucket}{path}" if bucket else path
        parts = urlsplit(f"http://host{path}?{query}")
        expected = signer.get_signature(environ["REQUEST_METHOD"], parts, headers, auth_path=full_path)
        return hmac.compare_digest(expected.encode(), self.signature.encode())

    def check_time(self, now: datetime.datetime) -> None:
        """Raise RefusedError if the request is too old, signed in the future, or has expired."""
        if self.presigned:
            check_expiry(datetime.datetime.fromtimestamp(int(self.date), datetime.UTC), now)
        else:
            check_skew(email.utils.parsedate_to_datetime(self.date).astimezone(datetime.UTC), now)


def read(environ: dict[str, Any]) -> SignatureV2 | None:
    """The signature of version 2 that a request carries; None if it carries none.

    Raises:
        RefusedError: it is not complete.
    """
    try:
        authorization = environ.get("HTTP_AUTHORIZATION", "")
        if authorization.startswith("AWS "):
            key_id, _, signature = authorization.removeprefix("AWS ").partition(":")
            date = environ.get("HTTP_X_AMZ_DATE") or environ["HTTP_DATE"]
            email.utils.parsedate_to_datetime(date)
            token = environ.get("HTTP_X_AMZ_SECURITY_TOKEN")
            return SignatureV2(key_id, token, "s3", date, signature, presigned=False)
        if "AWSAccessKeyId=" in environ["QUERY_STRING"]:
            query = dict(parse_qsl(environ["QUERY_STRING"]))
            key_id, signature, expires = query["AWSAccessKeyId"], query["Signature"], query["Expires"]
            token = query.get("x-amz-security-token")
            return SignatureV2(key_id, token, "s3", str(int(expires)), signature, presigned=True)
    except (KeyError, ValueError) as error:
        raise RefusedError(
            Reason.MALFORMED, f"The signature of the request is not complete or not legal: {error}"
        ) from None
    return None


class _Signer(HmacV1Auth):  # type: ignore[misc]
    """Signs with a date that was given, not with the present one."""

    def __init__(self, access_key_id: str, secret: str, date: str) -> None:
        super().__init__(Credentials(access_key_id, secret))
        self._date = date

    def _get_date(self) -> str:
        return self._date
