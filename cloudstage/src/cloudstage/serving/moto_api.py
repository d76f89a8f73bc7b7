"""moto's own addresses, ``/moto-api/…``: its dashboard, and calls that reset or reseed everything.

They are closed unless the configuration asks for them. Then they want a password, which belongs to the
cloudstage, as HTTP Basic authentication: a browser asks for it, and curl and requests take it from the URL.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Iterable
from typing import Any

from cloudstage.credentials import Credentials
from cloudstage.serving.gate import WSGIApplication

PREFIX = "/moto-api"
USER = "moto"


def password(credentials: Credentials) -> str:
    """The password for moto's own addresses; it gives away nothing about the key pair."""
    return hmac.digest(credentials.secret_access_key.encode(), b"moto-api", "sha256").hex()


class MotoApi:
    """A WSGI application that guards moto's own addresses and leaves the rest to another.

    Args:
        application: what answers AWS requests.
        moto: what answers moto's own addresses; None if they are closed.
        credentials: of the cloudstage.
    """

    def __init__(
        self, application: WSGIApplication, moto: WSGIApplication | None, credentials: Credentials
    ) -> None:
        self._application = application
        self._moto = moto
        self._expected = b"Basic " + base64.b64encode(f"{USER}:{password(credentials)}".encode())

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        if not environ["PATH_INFO"].startswith(PREFIX):
            return self._application(environ, start_response)
        if self._moto is None:
            text = b"moto's own API is closed. Open it: cloudstage down; cloudstage up --moto-api\n"
            return _answer(start_response, "404 Not Found", text)
        given = environ.get("HTTP_AUTHORIZATION", "").encode("latin-1", "replace")
        if not hmac.compare_digest(given, self._expected):
            text = b"moto's own API wants a password; cloudstage up prints its address with it\n"
            challenge = ("WWW-Authenticate", 'Basic realm="moto-api of cloudstage"')
            return _answer(start_response, "401 Unauthorized", text, challenge)
        del environ["HTTP_AUTHORIZATION"]
        return self._moto(environ, start_response)


def _answer(start_response: Any, status: str, text: bytes, *headers: tuple[str, str]) -> Iterable[bytes]:
    content = [("Content-Type", "text/plain"), ("Content-Length", str(len(text)))]
    start_response(status, [*content, *headers])
    return [text]
