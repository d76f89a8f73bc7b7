"""How bodies of S3 objects are read, with moto as it is and with the adapters."""

from __future__ import annotations

import contextlib
import hashlib
import threading
from typing import Any

import pytest
from moto.s3.models import FakeKey

from cloudstage.adapters import s3_bodies
from cloudstage.adapters.registry import applied

from .gaps import STOCK

CONTENT = bytes(20_000_000)
ADAPTED = pytest.param(applied(s3_bodies.etags_are_computed_undisturbed), id="adapted")


class Interrupted:
    """A body whose first reader is overtaken by another thread that reads it, or tries to."""

    def __init__(self, key: FakeKey) -> None:
        self._buffer = key._value_buffer
        self.other = threading.Thread(target=lambda: key.value)

    def read(self, size: int = -1) -> bytes:
        data = self._buffer.read(size)
        if not self.other.ident:
            self.other.start()
            self.other.join(timeout=0.2)
        return data

    def __getattr__(self, name: str) -> Any:
        return getattr(self._buffer, name)


@pytest.mark.parametrize("adapted", [STOCK, ADAPTED])
def test_an_etag_is_that_of_the_whole_body_while_others_read_it(
    adapted: contextlib.AbstractContextManager[None],
) -> None:
    key = FakeKey("key", CONTENT, account_id="123456789012", region_name="eu-central-1")
    interrupted = Interrupted(key)
    key._value_buffer = interrupted  # type: ignore[assignment]
    with adapted:
        etag = key.etag
        interrupted.other.join()

    key.dispose()
    assert etag == f'"{hashlib.md5(CONTENT, usedforsecurity=False).hexdigest()}"'
