"""The cloudstage's own addresses, beside those of AWS: ``/_cloudstage/…``, which can't be the name of an S3 bucket.

``GET /_cloudstage/stage``
    which cloudstage this is: ``{"directory": …, "pid": …}``
``GET /_cloudstage/lease?holder=…``
    a response without end: the cloudstage runs at least until the client hangs up
``POST /_cloudstage/release?holder=…``
    end a lease and learn whether the cloudstage stops now: ``{"stopping": true}``
``POST /_cloudstage/keep``
    let a tethered cloudstage run until it is told to stop

Who wants to hold a cloudstage that is stopping already is answered 409.
"""

from __future__ import annotations

import json
import os
import selectors
import uuid
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from cloudstage.lifetime import Lifetime
from cloudstage.serving.gate import WSGIApplication

PREFIX = "/_cloudstage/"


class Control:
    """A WSGI application that answers the cloudstage's own addresses and leaves the rest to another."""

    def __init__(self, directory: Path, lifetime: Lifetime, application: WSGIApplication) -> None:
        self._identity = {"directory": str(directory), "pid": os.getpid()}
        self._lifetime = lifetime
        self._application = application

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        if not environ["PATH_INFO"].startswith(PREFIX):
            return self._application(environ, start_response)
        holder = parse_qs(environ["QUERY_STRING"]).get("holder", [str(uuid.uuid4())])[0]
        asked = environ["REQUEST_METHOD"], environ["PATH_INFO"].removeprefix(PREFIX)
        if asked == ("GET", "lease") and self._lifetime.hold(holder):
            start_response("200 OK", [("Content-Type", "text/plain")])
            return self._until_hung_up(environ["werkzeug.socket"], holder)
        status, document = self._answer(asked, holder)
        body = json.dumps(document).encode()
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        start_response(f"{status.value} {status.phrase}", headers)
        return [body]

    def _answer(self, asked: tuple[str, str], holder: str) -> tuple[HTTPStatus, dict[str, Any]]:
        match asked:
            case "GET", "stage":
                return HTTPStatus.OK, self._identity
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
