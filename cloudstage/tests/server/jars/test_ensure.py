"""Archives arrive whole or not at all, once for all, and are what the lock says."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from cloudstage.errors import CloudstageError
from cloudstage.runtimes import jars
from cloudstage.runtimes.jars.lock import Jar
from cloudstage.runtimes.versions import GLUE_VERSIONS

from .conftest import CONTENT
from .maven import MavenRepository

GLUE = GLUE_VERSIONS["5.1"]


def fetch_quietly() -> dict[Jar, Path]:
    return jars.ensure(GLUE, lambda _: None)


def test_they_are_fetched_once(repository: MavenRepository, lock: list[Jar]) -> None:
    assert not jars.present(GLUE)
    first = fetch_quietly()
    asked = len(repository.asked)
    second = fetch_quietly()

    assert jars.present(GLUE)
    assert {jar.coordinate: path.read_bytes() for jar, path in first.items()} == CONTENT
    assert second == first
    assert list(first) == lock
    assert len(repository.asked) == asked


def test_the_user_is_told(repository: MavenRepository, lock: list[Jar]) -> None:
    said: list[str] = []

    jars.ensure(GLUE, said.append)

    assert said[0] == "Fetching Spark's Java archives for S3 and Iceberg (0 MB, once)"


def test_two_at_once_fetch_once(repository: MavenRepository, lock: list[Jar]) -> None:
    results: list[dict[Jar, Path]] = []
    threads = [threading.Thread(target=lambda: results.append(fetch_quietly())) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert results[0] == results[1]
    assert sorted(repository.archives_asked()) == ["first-1.0.jar", "second-2.0.jar"]


def test_what_was_altered_on_the_way_is_refused(repository: MavenRepository, lock: list[Jar]) -> None:
    repository.put("org.example:second:2.0", b"something else")

    with pytest.raises(CloudstageError, match=r"org\.example:second:2\.0 came with sha256 .* altered it"):
        fetch_quietly()
    assert not jars.present(GLUE)


def test_after_the_mistake_is_gone_it_works(repository: MavenRepository, lock: list[Jar]) -> None:
    repository.put("org.example:second:2.0", b"something else")
    with pytest.raises(CloudstageError):
        fetch_quietly()
    repository.put("org.example:second:2.0", CONTENT["org.example:second:2.0"])

    assert len(fetch_quietly()) == 2


def test_what_had_arrived_before_an_interruption_is_kept(
    repository: MavenRepository, lock: list[Jar]
) -> None:
    missing = {path: body for path, body in repository.files.items() if "second" in path}
    for path in missing:
        del repository.files[path]
    with pytest.raises(CloudstageError, match=r"could not be fetched \(org\.example:second:2\.0\)"):
        fetch_quietly()
    repository.files.update(missing)

    fetch_quietly()

    assert repository.archives_asked().count("first-1.0.jar") == 1


def test_an_archive_that_was_cut_off_is_fetched_again(repository: MavenRepository, lock: list[Jar]) -> None:
    path = fetch_quietly()[lock[0]]
    path.write_bytes(path.read_bytes()[:100])

    assert not jars.present(GLUE)
    assert fetch_quietly()[lock[0]].read_bytes() == CONTENT[lock[0].coordinate]


def test_a_store_without_its_checksums_is_made_again(repository: MavenRepository, lock: list[Jar]) -> None:
    path = fetch_quietly()[lock[0]]
    (path.parent / "SHA256SUMS").unlink()

    assert not jars.present(GLUE)
    assert fetch_quietly()[lock[0]].read_bytes() == CONTENT[lock[0].coordinate]


def test_without_a_network_the_message_says_what_to_do(
    lock: list[Jar], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLOUDSTAGE_MAVEN_REPOSITORY", "http://127.0.0.1:9/")

    with pytest.raises(CloudstageError) as failure:
        fetch_quietly()

    assert "Connection refused" in str(failure.value)
    assert all(
        setting in str(failure.value)
        for setting in ("HTTPS_PROXY", "SSL_CERT_FILE", "CLOUDSTAGE_MAVEN_REPOSITORY")
    )
