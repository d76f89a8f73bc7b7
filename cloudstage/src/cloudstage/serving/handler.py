"""How the server of a cloudstage speaks HTTP/1.1: connections stay open between requests.

werkzeug's own handler closes each connection, because it does not know how much of a request's body the
application has left unread. This one counts.
"""

from __future__ import annotations

import io
import itertools
import logging
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from moto.moto_server.werkzeug_app import MotoRequestHandler

log = logging.getLogger(__name__)

IDLE_SECONDS = 300
WORTH_DRAINING_BYTES = 1 << 20
WITHOUT_BODY = (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)
WITHOUT_EFFECT = ("GET", "HEAD", "OPTIONS")
Headers = list[tuple[str, str]]


class ClientGoneError(ConnectionError):
    """The client hung up, or was silent for too long."""


class AnswerLostError(ClientGoneError):
    """The client was not there to take the answer: it does not know whether what it asked for is done."""


class RequestBody(io.RawIOBase):
    """The next ``length`` bytes of a connection."""

    def __init__(self, stream: io.BufferedIOBase, length: int) -> None:
        self._stream = stream
        self._left = length

    def readable(self) -> bool:
        """Always."""
        return True

    def read(self, size: int | None = -1) -> bytes:
        """Read up to ``size`` bytes, or all. Raises ClientGoneError if the client hangs up before that."""
        wanted = self._left if size is None or size < 0 else min(size, self._left)
        try:
            data = self._stream.read(wanted)
        except OSError as error:
            raise ClientGoneError(str(error)) from error
        self._left -= len(data)
        if len(data) < wanted:
            raise ClientGoneError("it hung up before the end of its request")
        return data

    def readall(self) -> bytes:
        """Read what is left."""
        return self.read()

    def readinto(self, buffer: Any) -> int:
        """Fill ``buffer``, or as much of it as is left."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


class Answers(io.BufferedIOBase):
    """What is written to a connection. Raises AnswerLostError if the client no longer takes it."""

    def __init__(self, stream: io.BufferedIOBase) -> None:
        self._stream = stream

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, data: Any) -> int:
        """Send all of ``data``."""
        try:
            return self._stream.write(data)
        except OSError as error:
            raise AnswerLostError(str(error)) from error


class RequestHandler(MotoRequestHandler):
    """Serves the requests of one connection, one after the other."""

    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    disable_nagle_algorithm = True

    def setup(self) -> None:
        """Prepare the connection."""
        super().setup()
        self.wfile = Answers(self.wfile)
        self._headers_buffer: list[bytes] = []

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Requests are not logged: there are thousands, and failures have a log entry of their own."""

    def run_wsgi(self) -> None:
        """Answer one request."""
        environ = self.make_environ() | {"wsgi.input_terminated": True}
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            environ["wsgi.input"] = RequestBody(self.rfile, int(self.headers.get("Content-Length", 0)))
        self._headers_sent = False
        try:
            self._respond(environ)
            self._drain(environ["wsgi.input"])
        except ClientGoneError as error:
            self._note(error, environ)
            self.close_connection = True
        except (
            Exception
        ):  # whatever went wrong in moto or an executor: this request failed, the server goes on
            log.exception("%s failed", self._request(environ))
            self.close_connection = True
            if not self._headers_sent:
                self._send("500 Internal Server Error", [("Content-Length", "0")], [])

    def _note(self, error: ClientGoneError, environ: dict[str, Any]) -> None:
        """A lost answer is worth a warning: the client may send the request again, to a changed world."""
        lost = isinstance(error, AnswerLostError) and self.command not in WITHOUT_EFFECT
        level = logging.WARNING if lost else logging.DEBUG
        log.log(level, "The client of %s hung up: %s", self._request(environ), error)

    def _request(self, environ: dict[str, Any]) -> str:
        return " ".join(filter(None, (self.command, self.path, environ.get("HTTP_X_AMZ_TARGET"))))

    def _respond(self, environ: dict[str, Any]) -> None:
        started: list[tuple[str, Headers]] = []
        written: list[bytes] = []

        def start_response(status: str, headers: Headers, exc_info: Any = None) -> Any:
            started[:] = [(status, headers)]
            return written.append

        chunks: Any = self.server.app(environ, start_response)
        try:
            chunks = iter(chunks)
            first = next(chunks, b"")  # an application may call start_response this late
            self._send(*started[0], itertools.chain(written, (first,), chunks))
        finally:
            if hasattr(chunks, "close"):
                chunks.close()

    def _send(self, status: str, headers: Headers, chunks: Iterable[bytes]) -> None:
        code, _, reason = status.partition(" ")
        has_body = self.command != "HEAD" and int(code) not in WITHOUT_BODY
        length = next((int(value) for name, value in headers if name.lower() == "content-length"), None)
        chunked = has_body and length is None and self.request_version == "HTTP/1.1"
        if has_body and length is None and not chunked:
            self.close_connection = True
        self.send_response(int(code), reason)
        for name, value in headers:
            self.send_header(name, value)
        if chunked:
            self.send_header("Transfer-Encoding", "chunked")
        if self.close_connection:
            self.send_header("Connection", "close")
        self._headers_sent = True
        self._write(chunks if has_body else (), length if has_body else 0, chunked=chunked)

    def _write(self, chunks: Iterable[bytes], length: int | None, *, chunked: bool) -> None:
        """Write the head, together with the first of the body, and the rest.

        The SDK for Go ends a request's body as soon as it sees a response. If that is before its other thread
        has noticed that all of the request is written, it closes the connection and reads no further, even
        though the response is 200: https://github.com/aws/aws-sdk-go-v2/issues/2737. Terraform then repeated
        what was done already. So the head must not arrive before the body does.
        """
        head, sent = self._head(), 0
        for chunk in filter(None, chunks):
            self.wfile.write(head + (b"%x\r\n%b\r\n" % (len(chunk), chunk) if chunked else chunk))
            head, sent = b"", sent + len(chunk)
        if head or chunked:
            self.wfile.write(head + (b"0\r\n\r\n" if chunked else b""))
        if not chunked and sent != length:
            self.close_connection = True  # the client must not take the rest for its next response

    def _head(self) -> bytes:
        head = b"".join(self._headers_buffer) + b"\r\n"
        self._headers_buffer.clear()
        return head

    def _drain(self, body: Any) -> None:
        """Get to the beginning of the next request, or give the connection up."""
        if not self.close_connection:
            body.read(WORTH_DRAINING_BYTES)
            self.close_connection = bool(body.read(1))
