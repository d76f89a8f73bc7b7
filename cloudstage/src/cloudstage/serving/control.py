"""The cloudstage's own addresses, beside those of AWS: ``/_cloudstage/…``, which can't be the name of an S3 bucket.

``GET /_cloudstage/stage?challenge=…``
    the proof that this is the server of its directory: ``{"proof": …}``; see ``cloudstage.supervision.handshake``
``GET /_cloudstage/lease?holder=…``
    a response without end: the cloudstage runs at least until the client hangs up
``POST /_cloudstage/release?holder=…``
    end a lease and learn whether the cloudstage stops now: ``{"stopping": true}``
``POST /_cloudstage/keep``
    let a tethered cloudstage run until it is told to stop

All but the first want the token in the server's record and are answered 403 without it. A lease on a cloudstage
that is stopping already gets 409.
"""

from __future__ import annotations

import hmac
import json
import selectors
import uuid
from collections.abc import Callable, Iterable, Iterator
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from cloudstage.lifetime import Lifetime
from cloudstage.serving.gate import WSGIApplication
from cloudstage.supervision.handshake import authorization

PREFIX = "/_cloudstage/"


class Control:
    """A WSGI application that answers the cloudstage's own addresses and leaves the rest to another.

    Args:
        application: what answers the other requests.
        lifetime: of the server.
        prove: gives the proof for a challenge.
        token: what those who control the server must show.
    """

    def __init__(
        self, application: WSGIApplication, lifetime: Lifetime, prove: Callable[[str], str], token: str
    ) -> None:
        self._application = application
        self._lifetime = lifetime
        self._prove = prove
        self._authorization = authorization(token).encode()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        if not environ["PATH_INFO"].startswith(PREFIX):
            return self._application(environ, start_response)
        parameters = dict(parse_qsl(environ["QUERY_STRING"]))
        asked = environ["REQUEST_METHOD"], environ["PATH_INFO"].removeprefix(PREFIX)
        if asked == ("GET", "stage"):
            status, document = HTTPStatus.OK, {"proof": self._prove(parameters.get("challenge", ""))}
        elif not self._is_authorized(environ):
            status, document = HTTPStatus.FORBIDDEN, {}
        else:
            holder = parameters.get("holder") or str(uuid.uuid4())
            if asked == ("GET", "lease") and self._lifetime.hold(holder):
                start_response("200 OK", [("Content-Type", "text/plain")])
                return self._until_hung_up(environ["werkzeug.socket"], holder)
            status, document = self._answer(asked, holder)
        body = json.dumps(document).encode()
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        start_response(f"{status.value} {status.phrase}", headers)
        return [body]

    def _is_authorized(self, environ: dict[str, Any]) -> bool:
        given = environ.get("HTTP_AUTHORIZATION", "").encode("latin-1", "replace")
        return hmac.compare_digest(given, self._authorization)

    def _answer(self, asked: tuple[str, str], holder: str) -> tuple[HTTPStatus, dict[str, Any]]:
        match asked:
            case "POST", "release":
                return HTTPStatus.OK, {"stopping": self._lifetime.release(holder)}
            case "POST", "keep" if self._lifetime.keep():
                return HTTPStatus.OK, {}
            case ("GET", "lease") | ("POST", "keep"):
                return HTTPStatus.CONFLICT, {"stopping": True}
        return HTTPStatus.NOT_FOUND, {}

    def _until_hung_up(self, connection: Any, holder: str) -> Iterator[bytes]:
        try:
            yield b"held\n"
            with selectors.DefaultSelector() as selector:
                selector.register(connection, selectors.EVENT_READ)
                selector.select()  # the client sends nothing more: this is its end
        finally:
            self._lifetime.release(holder)
