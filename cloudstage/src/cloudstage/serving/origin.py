"""Keep the web pages that a developer has open away from the cloudstage.

A browser lets any page send requests to 127.0.0.1, and names the page's site in headers that the page can't
change: https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site. A page whose own name
resolves to 127.0.0.1 (DNS rebinding) passes for this site, but for the header Host.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from typing import Any

from cloudstage.serving.gate import WSGIApplication

OWN_HOST = re.compile(r"(127\.0\.0\.1|\[::1\]|([a-z0-9-]+\.)*localhost)(:\d+)?", re.IGNORECASE)
OWN_SITES = ("same-origin", "none")


class SameSite:
    """A WSGI application that answers 403 to web pages of other sites, and leaves the rest to another.

    A link to a presigned URL may be followed from anywhere, and a page may use S3 as far as the CORS
    configuration of the bucket allows: both need a signature too, which no page can make.

    Args:
        application: what answers the other requests.
        allowed_by_cors: whether the CORS configuration of a request's bucket allows its origin.
    """

    def __init__(
        self, application: WSGIApplication, allowed_by_cors: Callable[[dict[str, Any]], bool]
    ) -> None:
        self._application = application
        self._allowed_by_cors = allowed_by_cors

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        host = environ.get("HTTP_HOST", "")
        if not OWN_HOST.fullmatch(host):
            return _refuse(
                environ,
                start_response,
                f"The cloudstage does not answer for the host {host!r}; use 127.0.0.1 or localhost.",
            )
        if _from_elsewhere(environ, host) and not (
            _follows_signed_link(environ) or self._allowed_by_cors(environ)
        ):
            return _refuse(
                environ,
                start_response,
                "A web page of another site may not use the cloudstage. To let it use a bucket, give the "
                "bucket a CORS configuration that allows the page's origin.",
            )
        return self._application(environ, start_response)


def _from_elsewhere(environ: dict[str, Any], host: str) -> bool:
    origin = environ.get("HTTP_ORIGIN")
    if origin is not None and origin.lower() not in (f"http://{host}".lower(), f"https://{host}".lower()):
        return True
    return environ.get("HTTP_SEC_FETCH_SITE", "none") not in OWN_SITES


def _follows_signed_link(environ: dict[str, Any]) -> bool:
    return (
        environ["REQUEST_METHOD"] == "GET"
        and "HTTP_ORIGIN" not in environ
        and "HTTP_AUTHORIZATION" not in environ  # a password that the browser remembers is no signature
        and (environ.get("HTTP_SEC_FETCH_MODE"), environ.get("HTTP_SEC_FETCH_DEST"))
        == ("navigate", "document")
        and "Signature=" in environ["QUERY_STRING"]
    )


def _refuse(environ: dict[str, Any], start_response: Any, message: str) -> Iterable[bytes]:
    body = json.dumps({"message": message}).encode()
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    start_response("403 Forbidden", headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]
