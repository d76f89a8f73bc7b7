"""How an adapter is tested: what AWS does must fail with stock moto and pass with the adapter."""

from __future__ import annotations

import contextlib

import pytest

from cloudstage.adapters.registry import Adapter, applied

Adapted = contextlib.AbstractContextManager[None]
STOCK = pytest.param(contextlib.nullcontext(), marks=pytest.mark.xfail(strict=True), id="stock")
"""Stock moto, with which a test of an adapter must fail: else the adapter can go."""


def with_and_without(close_gap: Adapter) -> pytest.MarkDecorator:
    """Run a test twice: with stock moto, where it must fail (else the adapter can go), and with the adapter."""
    return pytest.mark.parametrize("adapted", [STOCK, pytest.param(applied(close_gap), id="adapted")])
