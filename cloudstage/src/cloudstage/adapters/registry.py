"""The list of adapters, and how one is put on and taken off again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from cloudstage.patching import Patch

Adapter = Callable[[Patch], None]

_adapters: dict[str, Adapter] = {}
_installed: dict[str, Patch] = {}


def adapter(close_gap: Adapter) -> Adapter:
    """Register a function which closes one gap; its docstring says which, and in which moto it was seen."""
    _adapters[f"{close_gap.__module__.rpartition('.')[2]}.{close_gap.__name__}"] = close_gap
    return close_gap


def registered() -> dict[str, Adapter]:
    """Every adapter by its name, such as ``s3.requests_count_as_tls``."""
    return dict(_adapters)


def install() -> list[str]:
    """Apply every adapter to this process, once, and return their names."""
    for name, close_gap in _adapters.items():
        if name not in _installed:
            _installed[name] = Patch()
            close_gap(_installed[name])
    return sorted(_installed)


@contextmanager
def applied(close_gap: Adapter) -> Iterator[None]:
    """Apply one adapter for a while: what a test of it needs."""
    patch = Patch()
    close_gap(patch)
    try:
        yield
    finally:
        patch.undo()
