"""What is believed about a program that listens where a cloudstage should be."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from cloudstage import peer
from cloudstage.errors import ServerError
from cloudstage.peer import Peer
from cloudstage.supervision.handshake import proof

HERE = Path("/here")


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as it:
        yield it


def at(listener: socket.socket) -> Peer:
    return Peer(f"http://127.0.0.1:{listener.getsockname()[1]}", "a token")


def serves(peer: Peer) -> bool:
    return peer.serves(HERE, 1, "a secret")


def test_nobody_listens(listener: socket.socket) -> None:
    nobody = at(listener)
    listener.close()

    assert not serves(nobody)
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
        b'HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{"proof": null}',
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

    assert not serves(at(listener))
    thread.join()


def test_a_stage_that_does_not_answer_is_an_error(
    listener: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(peer, "ANSWER_SECONDS", 0.05)

    with pytest.raises(ServerError, match=r"did not answer.*cloudstage down"):
        serves(at(listener))


@pytest.mark.parametrize(
    ("secret", "address", "directory", "pid"),
    [
        ("another secret", "", HERE, 1),
        ("a secret", "http://127.0.0.1:1", HERE, 1),  # it passes the challenge on to the real server
        ("a secret", "", Path("/elsewhere"), 1),
        ("a secret", "", HERE, 2),
    ],
)
def test_only_the_server_of_the_record_proves_that_it_is_the_one(
    listener: socket.socket, secret: str, address: str, directory: Path, pid: int
) -> None:
    def serve(secret: str, address: str, directory: Path, pid: int) -> None:
        connection, _ = listener.accept()
        with connection:
            request = connection.recv(65536).decode()
            challenge = request.partition("challenge=")[2].partition(" ")[0]
            body = json.dumps({"proof": proof(secret, challenge, address, str(directory), pid)})
            connection.sendall(f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())

    real = at(listener)
    for answer, believed in (
        (("a secret", real.endpoint, HERE, 1), True),
        ((secret, address or real.endpoint, directory, pid), False),
    ):
        thread = threading.Thread(target=serve, args=answer)
        thread.start()
        assert serves(real) is believed
        thread.join()
