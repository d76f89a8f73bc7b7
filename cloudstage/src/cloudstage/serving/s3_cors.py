"""Whether a bucket's CORS configuration lets a web page use it.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/ManageCorsUsing.html
"""

from __future__ import annotations

import re
from typing import Any

from cloudstage.serving.s3_target import s3_target


class S3Cors:
    """The CORS configurations of the buckets of one account."""

    def __init__(self, account_id: str) -> None:
        self._account_id = account_id

    def allows(self, environ: dict[str, Any]) -> bool:
        """Whether a request's bucket allows its origin to send this method; False if it names no origin."""
        origin = environ.get("HTTP_ORIGIN")
        if origin is None or origin == "null" or "HTTP_X_AMZ_TARGET" in environ:
            return False
        target = s3_target(environ, self._account_id)
        method = environ.get("HTTP_ACCESS_CONTROL_REQUEST_METHOD", environ["REQUEST_METHOD"])
        return target is not None and any(
            method in rule.allowed_methods
            and any(_matches(pattern, origin) for pattern in rule.allowed_origins)
            for rule in target.bucket.cors
        )


def _matches(pattern: str, origin: str) -> bool:
    return re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), origin) is not None
