"""The environments of Glue and Lambda hold what their locks say."""

from __future__ import annotations

import subprocess
import threading
from pathlib import Path

import pytest

from cloudstage import runtimes
from cloudstage.errors import CloudstageError
from cloudstage.runtimes import Runtime
from small_wheel import sha256, write_wheel


def run(runtime: Runtime, code: str) -> str:
    return subprocess.run(
        [runtime.python, "-P", "-c", code], capture_output=True, text=True, check=True
    ).stdout.strip()


@pytest.mark.parametrize("name", ["glue-5.1", "lambda-python3.11"])
def test_an_environment_holds_its_lock_and_nothing_else(name: str) -> None:
    runtime = runtimes.ensure(name, print)
    code = "import importlib.metadata as m; print(*sorted(d.name.lower() for d in m.distributions()))"

    installed = set(run(runtime, code).split())

    locked = {line.partition("==")[0] for line in runtime.lock.read_text().splitlines() if "==" in line}
    assert installed == locked
    assert runtimes.installed(name)


def test_its_python_is_the_glue_version_s() -> None:
    runtime = runtimes.ensure("glue-5.1", print)

    assert run(runtime, "import sys; print('%d.%d' % sys.version_info[:2])") == "3.11"
    assert Path(run(runtime, "import pyspark; print(pyspark.__file__)")).is_relative_to(runtime.site_packages)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """A runtime with one package, in a checkout of its own; uv finds that package and no other."""
    wheel = write_wheel(tmp_path / "wheels", "probe", "1.0")
    (tmp_path / "locks").mkdir()
    (tmp_path / "locks/small.txt").write_text(f"probe==1.0 --hash=sha256:{sha256(wheel)}\n")
    monkeypatch.setenv("UV_FIND_LINKS", str(wheel.parent))
    monkeypatch.setenv("UV_NO_INDEX", "1")
    monkeypatch.setattr(runtimes, "LOCKS", tmp_path / "locks")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return "small"


def test_it_is_installed_once(small: str) -> None:
    said: list[str] = []
    threads = [threading.Thread(target=runtimes.ensure, args=(small, said.append)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert said == ["Installing the Python packages of small (once)"]
    assert runtimes.installed(small)


def test_an_unfinished_or_outdated_one_is_made_again(small: str) -> None:
    runtime = runtimes.ensure(small, print)
    (runtime.directory / ".installed").unlink()
    (runtime.site_packages / "probe.py").unlink()
    said: list[str] = []

    runtimes.ensure(small, said.append)

    assert run(runtime, "import probe; print(probe.VERSION)") == "1.0"
    runtime.lock.write_text("# nothing any more\n" + runtime.lock.read_text())
    assert not runtimes.installed(small)


def test_a_package_that_is_not_what_the_lock_says(small: str) -> None:
    lock = runtimes.LOCKS / "small.txt"
    lock.write_text("probe==1.0 --hash=sha256:" + "0" * 64 + "\n")

    with pytest.raises(
        CloudstageError, match=r"(?s)packages of small could not be installed:.*Hash mismatch"
    ):
        runtimes.ensure(small, print)
    assert not runtimes.installed(small)


def test_an_unknown_one() -> None:
    with pytest.raises(CloudstageError, match=r"no runtime 'glue-4\.0'.* glue-5\.1, lambda-python3\.10"):
        runtimes.ensure("glue-4.0", print)
