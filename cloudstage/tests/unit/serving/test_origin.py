"""Which requests of a browser are let through, without a server."""

from __future__ import annotations

from typing import Any

import pytest

from cloudstage.serving.origin import SameSite

HOST = "127.0.0.1:4566"
LINK = {"HTTP_SEC_FETCH_MODE": "navigate", "HTTP_SEC_FETCH_DEST": "document"}


def status(environ: dict[str, str], *, cors: bool = False) -> str:
    said: list[str] = []

    def answer(_: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", [])
        return []

    request = {"REQUEST_METHOD": "GET", "QUERY_STRING": "", "HTTP_HOST": HOST, **environ}
    SameSite(answer, lambda _: cors)(request, lambda status, _: said.append(status))
    return said[0]


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", HOST, "localhost", "LOCALHOST:1", "[::1]:4566", "lake.localhost:4566", "my.lake.localhost"],
)
def test_our_own_names(host: str) -> None:
    assert status({"HTTP_HOST": host}) == "200 OK"


@pytest.mark.parametrize(
    "host",
    ["", "evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "evillocalhost", "127.0.0.1@evil.example",
     "127.0.0.2", "127.1", "[::1].evil.example", "localhost:80:80", "localhost\n.evil.example"],
)  # fmt: skip
def test_names_of_others(host: str) -> None:
    assert status({"HTTP_HOST": host}) == "403 Forbidden"


@pytest.mark.parametrize("origin", [f"http://{HOST}", f"https://{HOST}"])
def test_our_own_pages(origin: str) -> None:
    assert status({"HTTP_ORIGIN": origin, "HTTP_SEC_FETCH_SITE": "same-origin"}) == "200 OK"


@pytest.mark.parametrize(
    "origin", ["null", "", "http://127.0.0.1", "http://127.0.0.1:3000", "http://localhost:4566"]
)
def test_pages_of_others(origin: str) -> None:
    assert status({"HTTP_ORIGIN": origin}) == "403 Forbidden"
    assert status({"HTTP_ORIGIN": origin}, cors=True) == "200 OK"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, "200 OK"),
        ({"QUERY_STRING": "AWSAccessKeyId=a&Signature=b&Expires=1"}, "200 OK"),
        ({"QUERY_STRING": "versionId=1"}, "403 Forbidden"),
        ({"REQUEST_METHOD": "POST"}, "403 Forbidden"),
        ({"HTTP_SEC_FETCH_MODE": "no-cors"}, "403 Forbidden"),
        ({"HTTP_SEC_FETCH_DEST": "iframe"}, "403 Forbidden"),
        ({"HTTP_AUTHORIZATION": "Basic bW90bzp4"}, "403 Forbidden"),
        ({"HTTP_ORIGIN": "http://elsewhere.example"}, "403 Forbidden"),
    ],
)
def test_a_link_may_be_followed_if_it_is_signed(change: dict[str, str], expected: str) -> None:
    link = {**LINK, "HTTP_SEC_FETCH_SITE": "cross-site", "QUERY_STRING": "X-Amz-Signature=a"}

    assert status({**link, **change}) == expected
