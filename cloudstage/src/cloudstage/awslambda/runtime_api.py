"""The Lambda Runtime API, version 2018-06-01, for one execution environment.

The function's process calls it over HTTP; the thread that invokes the function waits at the exchange. The
address of the API is all that distinguishes environments, so each has a port of its own. The address contains
a secret: nobody else on the machine, and no web page, can take the events of a function or answer them.
"""

from __future__ import annotations

import contextlib
import hmac
import json
import queue
import re
import secrets
import socket
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from typing import Any

from cloudstage.awslambda.results import LARGEST_RESPONSE, Completion, response_too_large


@dataclass(frozen=True)
class Event:
    """One event on its way to the function. ``deadline_ms`` is Unix time in milliseconds."""

    request_id: str
    payload: bytes
    deadline_ms: int
    function_arn: str
    client_context: str = ""


@dataclass(frozen=True)
class Ready:
    """The function's process asks for an event."""


@dataclass(frozen=True)
class InitialisationFailed:
    """The function's process could not load the handler; the payload is Lambda's error object."""

    payload: bytes


@dataclass(frozen=True)
class Exited:
    """The function's process is gone."""

    return_code: int


Message = Ready | Completion | InitialisationFailed | Exited


class Exchange:
    """Two queues: events go to the process, messages about it come back. Used for one event at a time."""

    def __init__(self) -> None:
        self._events: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        self._messages: queue.SimpleQueue[Message] = queue.SimpleQueue()

    def deliver(self, event: Event) -> None:
        """Give the process its next event."""
        self._events.put(event)

    def close(self) -> None:
        """Let the request that waits for an event end without one."""
        self._events.put(None)

    def next_event(self) -> Event | None:
        """Called for the process: say that it is ready and wait for an event; None ends the wait."""
        self._messages.put(Ready())
        return self._events.get()

    def report(self, message: Message) -> None:
        """Called for the process: tell how it fares."""
        self._messages.put(message)

    def wait(self, seconds: float) -> Message | None:
        """The next message about the process, None when none comes within ``seconds``."""
        try:
            return self._messages.get(timeout=max(0.0, seconds))
        except queue.Empty:
            return None


HOST = "127.0.0.1"
API = "/2018-06-01/runtime"
REPORT = re.compile(r"/invocation/(?P<request_id>[^/]+)/(?P<kind>response|error)")


class RuntimeApi:
    """Serves one function process on an ephemeral port until ``close``."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        self.current: Event | None = None
        self._listener = socket.create_server((HOST, 0))
        self._secret = secrets.token_hex()
        self._closed = False
        threading.Thread(target=self._accept, name="lambda-runtime-api", daemon=True).start()

    @property
    def address(self) -> str:
        """``host:port/secret``, the value of ``AWS_LAMBDA_RUNTIME_API``; clients append a path to it."""
        return f"{HOST}:{self._listener.getsockname()[1]}/{self._secret}"

    def operation(self, path: str) -> str | None:
        """The path after the address and the version; None if the caller does not know the address."""
        secret, _, operation = path.removeprefix("/").partition(API)
        return operation if hmac.compare_digest(secret.encode(), self._secret.encode()) else None

    def close(self) -> None:
        """Stop serving. The connection made here wakes the thread that waits in ``accept``, on any system."""
        self._closed = True
        self.exchange.close()
        with contextlib.suppress(OSError):
            socket.create_connection(self._listener.getsockname(), timeout=1).close()

    def _accept(self) -> None:
        with self._listener:
            while True:
                connection, address = self._listener.accept()
                if self._closed:
                    connection.close()
                    return
                threading.Thread(target=self._serve, args=(connection, address), daemon=True).start()

    def _serve(self, connection: socket.socket, address: Any) -> None:
        # The process may be killed at any moment, also in the middle of a request.
        with contextlib.suppress(OSError), connection:
            _RequestHandler(connection, address, self)  # type: ignore[arg-type]


class _RequestHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Without it, the body of each answer waits for the acknowledgement of its headers (40 ms).
    disable_nagle_algorithm = True
    server: RuntimeApi  # type: ignore[assignment]

    def do_GET(self) -> None:
        """``/invocation/next``: wait for an event and answer with it."""
        if self.server.operation(self.path) != "/invocation/next":
            self._answer(404, {"errorMessage": "No such resource", "errorType": "NotFound"})
            return
        event = self.server.exchange.next_event()
        if event is None:
            self.close_connection = True
            return
        self.server.current = event
        headers = {
            "Lambda-Runtime-Aws-Request-Id": event.request_id,
            "Lambda-Runtime-Deadline-Ms": str(event.deadline_ms),
            "Lambda-Runtime-Invoked-Function-Arn": event.function_arn,
            "Lambda-Runtime-Trace-Id": f"Root=1-{event.request_id.replace('-', '')[:32]};Sampled=0",
        }
        if event.client_context:
            headers["Lambda-Runtime-Client-Context"] = event.client_context
        self._send(200, event.payload, headers)

    def do_POST(self) -> None:
        """``/invocation/<id>/response``, ``/invocation/<id>/error`` and ``/init/error``."""
        body = self._body()
        operation = self.server.operation(self.path)
        if operation is None:
            self._answer(404, {"errorMessage": "No such resource", "errorType": "NotFound"})
            return
        if operation == "/init/error":
            self.server.exchange.report(InitialisationFailed(body))
            self._answer(202, {"status": "OK"})
            return
        report = REPORT.fullmatch(operation)
        current = self.server.current
        if not report or not current or report["request_id"] != current.request_id:
            message = f"{operation} is not about the current invocation"
            self._answer(400, {"errorMessage": message, "errorType": "InvalidRequestID"})
            return
        self.server.current = None
        self.server.exchange.report(self._outcome(report["kind"], body))
        self._answer(202, {"status": "OK"})

    def _outcome(self, kind: str, body: bytes) -> Completion:
        if len(body) > LARGEST_RESPONSE:
            return response_too_large()
        peak = int(self.headers.get("Cloudstage-Peak-Memory-Mib", 0))
        return Completion(body, failed=kind == "error", peak_memory_mib=peak)

    def _body(self) -> bytes:
        """Runtimes that don't know how long their answer will be send it in chunks."""
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        chunks = []
        while size := int(self.rfile.readline().partition(b";")[0], 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass  # trailing headers, such as the error of a streamed response
        return b"".join(chunks)

    def _answer(self, status: int, body: dict[str, str]) -> None:
        self._send(status, json.dumps(body).encode(), {})

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the base class names it so)
        """Requests are not logged; the function's log is in CloudWatch."""
