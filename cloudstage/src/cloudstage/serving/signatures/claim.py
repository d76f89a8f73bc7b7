"""What a signed request says about its signer, before anything of it is believed."""

from __future__ import annotations

import abc
import datetime
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from cloudstage.serving.refusal import Reason, RefusedError

LARGEST_SKEW = datetime.timedelta(minutes=15)


@dataclass(frozen=True)
class Claim(abc.ABC):
    """A signature and whose it is said to be.

    Attributes:
        access_key_id: the key that is said to have signed.
        session_token: what came with it, if the key is a temporary one.
        service: the service that the request is signed for, such as ``s3``.
    """

    access_key_id: str
    session_token: str | None
    service: str

    @abc.abstractmethod
    def matches(self, environ: dict[str, Any], secret: str) -> bool:
        """Whether the signature of this request was made with ``secret``."""

    @abc.abstractmethod
    def check_time(self, now: datetime.datetime) -> None:
        """Raise RefusedError if the signature is not valid at this time, in UTC."""


def check_skew(signed_at: datetime.datetime, now: datetime.datetime) -> None:
    """Raise RefusedError if a request was signed too long ago, or in the future."""
    if abs(now - signed_at) > LARGEST_SKEW:
        raise RefusedError(
            Reason.SKEWED,
            f"The difference between the request time and the current time is too large. The request was signed "
            f"at {signed_at:%Y%m%dT%H%M%SZ}; it is {now:%Y%m%dT%H%M%SZ} now.",
        )


def check_expiry(expires_at: datetime.datetime, now: datetime.datetime) -> None:
    """Raise RefusedError if a presigned URL or form is used too late."""
    if now > expires_at:
        raise RefusedError(
            Reason.EXPIRED,
            f"Request has expired. It was valid until {expires_at:%Y%m%dT%H%M%SZ}; "
            f"it is {now:%Y%m%dT%H%M%SZ} now.",
        )


def raw_target(environ: dict[str, Any]) -> tuple[str, str]:
    """The path and the query of a request as they were sent, still encoded."""
    target = environ["REQUEST_URI"]
    if not target.startswith("/"):  # the absolute form, which a client uses for a proxy
        parts = urlsplit(target)
        return parts.path or "/", parts.query
    path, _, query = target.partition("?")
    return path, query
