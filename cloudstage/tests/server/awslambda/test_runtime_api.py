"""Who can use the Runtime API of an execution environment."""

from __future__ import annotations

import http.client

import pytest

from cloudstage.awslambda.runtime_api import Exchange, RuntimeApi

PATH = "/2018-06-01/runtime"


@pytest.mark.parametrize("secret", ["", "/guessed", "//"])
@pytest.mark.parametrize("request_line", [f"GET {PATH}/invocation/next", f"POST {PATH}/init/error"])
def test_it_answers_nobody_who_does_not_know_its_whole_address(secret: str, request_line: str) -> None:
    api = RuntimeApi(Exchange())
    method, path = request_line.split()
    connection = http.client.HTTPConnection(api.address.partition("/")[0], timeout=10)
    try:
        connection.request(method, secret + path, b"{}")
        assert connection.getresponse().status == http.HTTPStatus.NOT_FOUND
    finally:
        connection.close()
        api.close()
