"""Adapters are found, applied once, and taken off without a trace."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import moto
import pytest

from cloudstage.adapters.registry import applied
from cloudstage.patching import Patch

INSTALL_TWICE = """
import json
from cloudstage import adapters
from cloudstage.adapters.registry import registered
first, second = adapters.install(), adapters.install()
assert first == second == sorted(registered())
print(json.dumps({name: close_gap.__doc__ for name, close_gap in registered().items()}))
"""


@pytest.fixture(scope="module")
def docstrings() -> dict[str, str | None]:
    """Name and docstring of every adapter, as a process has them which installed them all."""
    done = subprocess.run([sys.executable, "-c", INSTALL_TWICE], capture_output=True, text=True, check=True)
    names: dict[str, str | None] = json.loads(done.stdout)
    return names


def test_every_adapter_is_installed(docstrings: dict[str, str | None]) -> None:
    assert {"glue_catalog.update_table_checks_version_id", "s3.requests_count_as_tls"} <= docstrings.keys()


def test_every_adapter_names_the_moto_whose_gap_it_closes(docstrings: dict[str, str | None]) -> None:
    for name, docstring in docstrings.items():
        assert f"moto {moto.__version__}" in (docstring or ""), (
            f"does moto {moto.__version__} still need {name}?"
        )


def test_every_adapter_has_a_test_against_stock_moto(docstrings: dict[str, str | None]) -> None:
    tests = "".join(path.read_text() for path in Path(__file__).parent.glob("test_*.py"))
    for name in docstrings:
        assert f"({name})" in tests, f"no test says when {name} can go"


class Sample:
    """Something to patch."""

    def kept(self) -> str:
        return "original"


def test_what_was_replaced_comes_back() -> None:
    def adapter(patch: Patch) -> None:
        patch.replace(Sample, "kept", lambda _: "first")
        patch.replace(Sample, "kept", lambda _: "second")
        patch.replace(Sample, "added", 1)

    with applied(adapter):
        assert Sample().kept() == "second"
        assert Sample.added == 1  # type: ignore[attr-defined]
    assert Sample().kept() == "original"
    assert not hasattr(Sample, "added")
