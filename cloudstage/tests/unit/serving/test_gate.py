from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import Any

import pytest

from cloudstage.serving.gate import Effect, RequestGate, effect

DEADLINE_SECONDS = 10


def request(method: str = "POST", path: str = "/", target: str = "") -> dict[str, Any]:
    environ = {"REQUEST_METHOD": method, "PATH_INFO": path}
    return environ | ({"HTTP_X_AMZ_TARGET": target} if target else {})


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        (request("GET", "/lake/key"), Effect.NONE),
        (request("HEAD", "/lake/key"), Effect.NONE),
        (request(target="AWSGlue.GetTable"), Effect.NONE),
        (request(target="AWSGlue.BatchGetPartition"), Effect.NONE),
        (request(target="Logs_20140328.DescribeLogGroups"), Effect.NONE),
        (request(target="AmazonSQS.ReceiveMessage"), Effect.NONE),
        (request(target="AWSGlue.UpdateTable"), Effect.CHANGE),
        (request("PUT", "/lake/key"), Effect.CHANGE),
        (request("DELETE", "/lake/key"), Effect.CHANGE),
        (request("POST", "/"), Effect.CHANGE),
        (request("POST", "/2015-03-31/functions/f/invocations"), Effect.LONG_CHANGE),
        (request(target="AWSStepFunctions.StartSyncExecution"), Effect.LONG_CHANGE),
    ],
)
def test_what_a_request_may_change(environ: dict[str, Any], expected: Effect) -> None:
    assert effect(environ) is expected


class Requests:
    """Requests in threads of their own, which end when they are told to."""

    def __init__(self) -> None:
        self.changes = 0
        self.gate = RequestGate(self._answer, self._changed)
        self._finish = threading.Event()
        self._threads: list[threading.Thread] = []

    def send(self, environ: dict[str, Any]) -> threading.Event:
        """Send one; the event says that it is being answered."""
        begun = threading.Event()
        thread = threading.Thread(target=self.gate, args=(environ | {"begun": begun}, None))
        thread.start()
        self._threads.append(thread)
        return begun

    def finish(self) -> None:
        """Let all of them end."""
        self._finish.set()
        for thread in self._threads:
            thread.join(DEADLINE_SECONDS)

    def _answer(self, environ: dict[str, Any], _: Any) -> Iterable[bytes]:
        environ["begun"].set()
        self._finish.wait(DEADLINE_SECONDS)
        return []

    def _changed(self) -> None:
        self.changes += 1


def test_a_closed_gate_holds_changes_up_and_lets_the_rest_pass() -> None:
    requests = Requests()
    with requests.gate.closed(0) as quiet:
        assert quiet
        change = requests.send(request("PUT", "/lake/key"))
        assert requests.send(request("GET", "/lake/key")).wait(DEADLINE_SECONDS)
        assert requests.send(request(target="AmazonSQS.ReceiveMessage")).wait(DEADLINE_SECONDS)
        assert requests.send(request("POST", "/functions/f/invocations")).wait(DEADLINE_SECONDS)
        assert not change.is_set()

    assert change.wait(DEADLINE_SECONDS)
    requests.finish()


def test_closing_the_gate_waits_for_changes_that_have_begun() -> None:
    requests = Requests()
    requests.send(request("PUT", "/lake/key")).wait(DEADLINE_SECONDS)

    threading.Timer(0.05, requests.finish).start()

    with requests.gate.closed(DEADLINE_SECONDS) as quiet:
        assert quiet


def test_closing_the_gate_does_not_wait_for_ever() -> None:
    requests = Requests()
    requests.send(request("PUT", "/lake/key")).wait(DEADLINE_SECONDS)

    with requests.gate.closed(0.01) as quiet:
        assert not quiet
    requests.finish()


def test_long_changes_do_not_keep_the_gate_from_closing() -> None:
    requests = Requests()
    requests.send(request("POST", "/functions/f/invocations")).wait(DEADLINE_SECONDS)

    with requests.gate.closed(0) as quiet:
        assert quiet
    requests.finish()


def test_each_change_is_told() -> None:
    requests = Requests()
    for environ in (request("PUT"), request("GET"), request("POST", "/functions/f/invocations")):
        requests.send(environ)

    requests.finish()

    assert requests.changes == 2


def test_a_change_that_fails_is_told_and_leaves_the_gate_usable() -> None:
    changes: list[None] = []

    def fail(_: dict[str, Any], __: Any) -> Iterable[bytes]:
        raise ValueError

    gate = RequestGate(fail, lambda: changes.append(None))
    with pytest.raises(ValueError):  # noqa: PT011 (it is the application's own)
        gate(request("PUT"), None)

    assert changes == [None]
    with gate.closed(0) as quiet:
        assert quiet
