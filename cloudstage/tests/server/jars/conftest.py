"""A Maven repository that Ivy is pointed at, and a lock of archives that are in it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from cloudstage.runtimes import jars
from cloudstage.runtimes.jars.lock import Jar

from .maven import MavenRepository, serve

CONTENT = {"org.example:first:1.0": b"first" * 1000, "org.example:second:2.0": b"second" * 1000}


@pytest.fixture
def repository(monkeypatch: pytest.MonkeyPatch) -> Iterator[MavenRepository]:
    with serve(MavenRepository()) as repository:
        for coordinate, content in CONTENT.items():
            repository.put(coordinate, content)
        monkeypatch.setenv("CLOUDSTAGE_MAVEN_REPOSITORY", repository.address)
        yield repository


@pytest.fixture
def lock(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Jar]:
    """The lock of a project that needs two small archives, and an empty cache for them."""
    locked = [Jar(one, len(content), hashlib.sha256(content).hexdigest()) for one, content in CONTENT.items()]
    monkeypatch.setattr(jars, "locked", lambda _: locked)
    monkeypatch.setattr(jars, "cache_directory", lambda: tmp_path / "cache")
    return locked
