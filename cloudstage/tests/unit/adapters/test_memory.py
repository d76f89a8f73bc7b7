"""What moto keeps in memory, as it is and with the adapters."""

from __future__ import annotations

import contextlib
import gc
import weakref

import pytest
from moto.s3.models import FakeGrantee

from cloudstage.adapters import memory
from cloudstage.adapters.registry import applied

from .gaps import STOCK

ADAPTED = pytest.param(applied(memory.what_is_deleted_is_forgotten), id="adapted")


@pytest.mark.parametrize("adapted", [STOCK, ADAPTED])
def test_what_nobody_refers_to_is_gone(adapted: contextlib.AbstractContextManager[None]) -> None:
    with adapted:
        grantee = weakref.ref(FakeGrantee("forgotten"))
        gc.collect()

    assert grantee() is None
