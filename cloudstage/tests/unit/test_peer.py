"""What is believed about whoever listens where a cloudstage should be."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from cloudstage import peer
from cloudstage.errors import ServerError
from cloudstage.peer import Peer


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as it:
        yield it


def at(listener: socket.socket) -> Peer:
    return Peer(f"http://127.0.0.1:{listener.getsockname()[1]}")


def test_nobody_listens(listener: socket.socket) -> None:
    nobody = at(listener)
    listener.close()

    assert nobody.identity() is None
    assert nobody.lease("me") is None
    assert not nobody.keep()
    assert nobody.release("me"), "what is gone has stopped"


@pytest.mark.parametrize(
    "answer",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]",
    ],
)
def test_somebody_else_listens(listener: socket.socket, answer: bytes) -> None:
    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(answer)

    thread = threading.Thread(target=serve)
    thread.start()

    assert at(listener).identity() is None
    thread.join()


def test_a_stage_that_does_not_answer_is_an_error(
    listener: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(peer, "ANSWER_SECONDS", 0.05)

    with pytest.raises(ServerError, match=r"did not answer.*cloudstage down"):
        at(listener).identity()
