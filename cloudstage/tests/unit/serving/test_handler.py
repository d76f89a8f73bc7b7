"""What a client sees of the server's HTTP, on a real connection."""

from __future__ import annotations

import http.client
import logging
import queue
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing
from typing import Any

import pytest
from werkzeug.serving import ThreadedWSGIServer

from cloudstage.serving import handler
from cloudstage.serving.handler import RequestHandler

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]
Serve = Callable[[Application], tuple[str, int]]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serves an application; gives its address."""
    with ExitStack() as stack:

        def start(application: Application) -> tuple[str, int]:
            server = ThreadedWSGIServer("127.0.0.1", 0, application, RequestHandler)
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
            stack.callback(server.server_close)
            stack.callback(server.shutdown)
            return server.host, server.port

        yield start


def echo(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer with the request's body, and its method in a header."""
    body = environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Length", str(len(body))), ("Method", environ["REQUEST_METHOD"])])
    return [body]


def deaf(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer without reading the request's body."""
    start_response("200 OK", [("Content-Length", "2")])
    return [b"ok"]


def ask(connection: http.client.HTTPConnection, *request: Any, **options: Any) -> tuple[int, bytes]:
    connection.request(*request, **options)
    response = connection.getresponse()
    return response.status, response.read()


def connect(address: tuple[str, int]) -> Any:
    connection = http.client.HTTPConnection(*address, timeout=10)
    connection.auto_open = 0  # a connection that the server closes stays closed
    connection.connect()
    return closing(connection)


def test_a_connection_serves_many_requests(serve: Serve) -> None:
    with connect(serve(echo)) as connection:
        answers = [ask(connection, "PUT", "/", body) for body in (b"one", b"", bytes(3_000_000), b"four")]

    assert answers == [(200, b"one"), (200, b""), (200, bytes(3_000_000)), (200, b"four")]


def test_a_chunked_request_is_read_to_its_end(serve: Serve) -> None:
    with connect(serve(echo)) as connection:
        first = ask(connection, "PUT", "/", iter([b"some ", b"chunks"]), encode_chunked=True, headers=CHUNKED)
        second = ask(connection, "PUT", "/", b"more")

    assert (first, second) == ((200, b"some chunks"), (200, b"more"))


CHUNKED = {"Transfer-Encoding": "chunked"}


@pytest.mark.parametrize("body", [b"unread", iter([b"unread ", b"chunks"])])
def test_a_body_that_was_not_read_does_not_become_the_next_request(serve: Serve, body: Any) -> None:
    with connect(serve(deaf)) as connection:
        headers = {} if isinstance(body, bytes) else CHUNKED
        first = ask(connection, "PUT", "/", body, headers=headers, encode_chunked=True)
        second = ask(connection, "GET", "/")

    assert (first, second) == ((200, b"ok"), (200, b"ok"))


def test_the_connection_is_given_up_rather_than_a_large_body_read_in_vain(serve: Serve) -> None:
    with connect(serve(deaf)) as connection:
        connection.putrequest("PUT", "/")
        connection.putheader("Content-Length", "100000000")
        connection.endheaders()
        connection.send(bytes(2_000_000))
        assert connection.getresponse().read() == b"ok"
        with pytest.raises((http.client.HTTPException, OSError)):
            ask(connection, "GET", "/")


def test_a_client_may_ask_before_it_sends_the_body(serve: Serve) -> None:
    with socket.create_connection(serve(echo), timeout=10) as client:
        client.sendall(b"PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n")
        assert client.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(b"body")

        assert received(client).endswith(b"\r\n\r\nbody")


def received(client: socket.socket) -> bytes:
    """What the server sends until it says nothing more for a moment, or closes the connection."""
    data = b""
    client.settimeout(0.5)
    while chunk := _chunk(client):
        data += chunk
    return data


def _chunk(client: socket.socket) -> bytes:
    try:
        return client.recv(100_000)
    except TimeoutError:
        return b""


def test_an_old_client_gets_a_connection_of_its_own(serve: Serve) -> None:
    with socket.create_connection(serve(echo), timeout=10) as client:
        client.sendall(b"GET / HTTP/1.0\r\n\r\n")

        assert b"Connection: close" in received(client)


def test_an_answer_without_a_length_is_chunked(serve: Serve) -> None:
    def stream(_: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [])
        yield from (b"no ", b"", b"length")

    with connect(serve(stream)) as connection:
        assert [ask(connection, "GET", "/"), ask(connection, "GET", "/")] == [(200, b"no length")] * 2


def test_answers_that_have_no_body_leave_the_connection_usable(serve: Serve) -> None:
    def without_body(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        status = "204 No Content" if environ["REQUEST_METHOD"] == "DELETE" else "200 OK"
        start_response(status, [("Content-Length", "8")] if status.startswith("200") else [])
        return [b"the body"]

    with connect(serve(without_body)) as connection:
        answers = [ask(connection, method, "/") for method in ("HEAD", "DELETE", "GET")]

    assert answers == [(200, b""), (204, b""), (200, b"the body")]


def test_the_head_of_an_answer_does_not_arrive_before_its_body(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    writes: list[bytes] = []
    write = handler.Answers.write

    def watch(self: handler.Answers, data: bytes) -> int:
        writes.append(data)
        return write(self, data)

    monkeypatch.setattr(handler.Answers, "write", watch)

    with connect(serve(echo)) as connection:
        assert ask(connection, "PUT", "/", b"some") == (200, b"some")
        assert ask(connection, "PUT", "/", b"") == (200, b"")

    assert [data.rpartition(b"\r\n\r\n")[2] for data in writes] == [b"some", b""]


def test_a_wrong_length_does_not_spoil_the_next_answer(serve: Serve) -> None:
    def liar(_: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Length", "2")])
        return [b"too much"]

    with connect(serve(liar)) as connection:
        assert ask(connection, "GET", "/") == (200, b"to")
        with pytest.raises((http.client.HTTPException, OSError)):
            ask(connection, "GET", "/")


def test_a_failure_is_logged_with_its_request_and_traceback(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: dict[str, Any], __: Any) -> Iterable[bytes]:
        raise LookupError("a bug of the cloudstage")

    with connect(serve(fail)) as connection:
        status, _ = ask(connection, "POST", "/path", headers={"X-Amz-Target": "AWSGlue.GetJob"})

    assert status == 500
    [entry] = [it for it in caplog.records if it.levelno == logging.ERROR]
    assert entry.getMessage() == "POST /path AWSGlue.GetJob failed"
    assert entry.exc_info
    assert "a bug of the cloudstage" in str(entry.exc_info[1])


@pytest.mark.parametrize("error", [ConnectionResetError, TimeoutError])
def test_a_lost_connection_of_the_applications_own_is_a_failure_like_any_other(
    serve: Serve, caplog: pytest.LogCaptureFixture, error: type[OSError]
) -> None:
    def fail(_: dict[str, Any], __: Any) -> Iterable[bytes]:
        raise error("somebody else's connection")

    with connect(serve(fail)) as connection:
        assert ask(connection, "POST", "/")[0] == 500

    assert [it.getMessage() for it in caplog.records] == ["POST / failed"]


@pytest.mark.parametrize(("method", "level"), [("POST", logging.WARNING), ("GET", logging.DEBUG)])
def test_a_lost_answer_is_worth_a_warning_if_something_was_changed(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, method: str, level: int
) -> None:
    hung_up = threading.Event()
    logged: queue.Queue[tuple[Any, ...]] = queue.Queue()
    monkeypatch.setattr(handler.log, "log", lambda *entry: logged.put(entry))

    def slow(_: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [])
        hung_up.wait(10)
        while True:
            yield bytes(100_000)

    with socket.create_connection(serve(slow), timeout=10) as client:
        client.sendall(f"{method} /path HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    hung_up.set()

    entry = logged.get(timeout=10)
    assert entry[0] == level
    assert f"{method} /path" in entry


def test_a_client_that_hangs_up_amidst_its_request_disturbs_nobody(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    address = serve(echo)
    with socket.create_connection(address, timeout=10) as client:
        client.sendall(b"PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nbegin")
    with connect(address) as connection:
        assert ask(connection, "PUT", "/", b"whole") == (200, b"whole")

    assert caplog.records == []
