"""A form by which a browser uploads an object to S3, with a signed policy of what may be uploaded.

https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
"""

from __future__ import annotations

import base64
import datetime
import hmac
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore.auth import HmacV1Auth
from botocore.credentials import Credentials
from werkzeug.formparser import parse_form_data

from cloudstage.serving.refusal import Reason, RefusedError
from cloudstage.serving.s3_target import bucket_of_host
from cloudstage.serving.signatures.claim import Claim, check_expiry
from cloudstage.serving.signatures.v4 import signing_key

_WITHOUT_CONDITION = frozenset({"awsaccesskeyid", "file", "policy", "signature", "x-amz-signature"})


@dataclass(frozen=True)
class PostForm(Claim):
    """A form's signature.

    Attributes:
        fields: the form's other fields, by their lower-case names, and ``bucket``.
        size: of the uploaded file in bytes.
        policy: what may be uploaded until when.
    """

    fields: Mapping[str, str]
    size: int
    policy: Mapping[str, Any]

    def matches(self, environ: dict[str, Any], secret: str) -> bool:
        """Whether the policy of the form was signed with ``secret``."""
        policy = self.fields["policy"]
        if "x-amz-signature" not in self.fields:
            expected = HmacV1Auth(Credentials(self.access_key_id, secret)).sign_string(policy)
            return _same(expected, self.fields["signature"])
        _, date, region, service, _ = self.fields["x-amz-credential"].rsplit("/", 4)
        key = signing_key(secret, date, region, service)
        return _same(hmac.digest(key, policy.encode(), "sha256").hex(), self.fields["x-amz-signature"])

    def check_time(self, now: datetime.datetime) -> None:
        """Raise RefusedError if the policy has expired or does not allow this upload."""
        check_expiry(datetime.datetime.fromisoformat(self.policy["expiration"]), now)
        conditions = self.policy.get("conditions", [])
        for condition in conditions:
            self._check(condition)
        named = {_named(condition) for condition in conditions} | _WITHOUT_CONDITION | {"bucket"}
        for name in self.fields:
            if name not in named and not name.startswith("x-ignore-"):
                raise _forbidden(f"Extra input fields: {name}")

    def _check(self, condition: Any) -> None:
        if isinstance(condition, dict):
            condition = ["eq", *next(iter(condition.items()))]
        operator, name, value = condition
        if str(operator).lower() == "content-length-range":
            if not int(name) <= self.size <= int(value):
                raise RefusedError(
                    Reason.TOO_LARGE, f"The upload has {self.size} bytes; the policy allows {name} to {value}"
                )
            return
        actual = self.fields.get(str(name).lower().removeprefix("$"), "")
        holds = actual.startswith(value) if str(operator).lower() == "starts-with" else actual == str(value)
        if not holds:
            raise _forbidden(f"Policy Condition failed: {json.dumps(condition)}")


def read(environ: dict[str, Any]) -> PostForm | None:
    """The signature of the upload form that a request is; None if it is none, or not signed.

    Raises:
        RefusedError: it is not complete.
    """
    if environ["REQUEST_METHOD"] != "POST" or not environ.get("CONTENT_TYPE", "").startswith(
        "multipart/form-data"
    ):
        return None
    body = io.BytesIO(environ["wsgi.input"].read())
    _, form, files = parse_form_data({**environ, "wsgi.input": body})
    environ["wsgi.input"] = io.BytesIO(body.getvalue())
    fields = {name.lower(): value for name, value in form.items()}
    if "policy" not in fields:
        return None
    fields["bucket"] = bucket_of_host(environ) or environ["PATH_INFO"].strip("/")
    try:
        if "x-amz-signature" in fields:
            key_id = fields["x-amz-credential"].rsplit("/", 4)[-5]
        else:
            key_id = fields["awsaccesskeyid"]
            fields["signature"]
        policy = json.loads(base64.b64decode(fields["policy"]))
        datetime.datetime.fromisoformat(policy["expiration"])
        size = _size(files["file"].stream) if "file" in files else len(fields.get("file", "").encode())
    except (KeyError, ValueError, IndexError, TypeError) as error:
        raise RefusedError(
            Reason.MALFORMED, f"The form's policy or signature is not complete or not legal: {error}"
        ) from None
    return PostForm(key_id, fields.get("x-amz-security-token"), "s3", fields, size, policy)


def _named(condition: Any) -> str:
    return (
        str(next(iter(condition)) if isinstance(condition, dict) else condition[1]).lower().removeprefix("$")
    )


def _size(file: Any) -> int:
    return int(file.seek(0, io.SEEK_END))


def _same(expected: str, actual: str) -> bool:
    return hmac.compare_digest(expected.encode(), actual.encode())


def _forbidden(message: str) -> RefusedError:
    return RefusedError(Reason.FORBIDDEN, f"Invalid according to Policy: {message}")
