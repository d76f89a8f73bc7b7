from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import Any

import pytest

from cloudstage.serving.late import LateExecutor

DEADLINE_SECONDS = 10
FOR_IT = {"HTTP_X_AMZ_TARGET": "AmazonAthena.StartQueryExecution"}
NOT_FOR_IT = {"HTTP_X_AMZ_TARGET": "AWSGlue.GetTable"}


class Executor:
    """Takes as long to be installed as a test wants."""

    def __init__(self) -> None:
        self.installed = 0
        self.may_be_installed = threading.Event()
        self.answered_before: list[int] = []
        self.late = LateExecutor(self._answer, "AmazonAthena.", self._install)

    def _install(self) -> None:
        self.may_be_installed.wait(DEADLINE_SECONDS)
        self.installed += 1

    def _answer(self, environ: dict[str, Any], _: Any) -> Iterable[bytes]:
        self.answered_before.append(self.installed)
        return []


def test_requests_for_others_neither_install_it_nor_wait() -> None:
    executor = Executor()

    executor.late(NOT_FOR_IT, None)
    executor.late({}, None)

    assert executor.answered_before == [0, 0]


def test_its_own_requests_wait_until_it_is_installed_once() -> None:
    executor = Executor()
    requests = [threading.Thread(target=executor.late, args=(FOR_IT, None)) for _ in range(3)]
    for request in requests:
        request.start()

    executor.may_be_installed.set()
    for request in requests:
        request.join(DEADLINE_SECONDS)

    assert executor.answered_before == [1, 1, 1]


def test_a_failure_is_met_by_each_request() -> None:
    def fail() -> None:
        raise ImportError("no engine")

    late = LateExecutor(lambda *_: [], "AmazonAthena.", fail)

    for _ in range(2):
        with pytest.raises(ImportError, match="no engine"):
            late(FOR_IT, None)
