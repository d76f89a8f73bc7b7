"""The Java archives that AWS Glue adds to Spark: S3A for `s3://` paths, and Iceberg.

They are fetched once into the user's cache, checked against the lock, and used by path from then on.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cloudstage import runtimes
from cloudstage.cache import cache_directory
from cloudstage.errors import CloudstageError
from cloudstage.runtimes import java
from cloudstage.runtimes.jars.ivy import fetch
from cloudstage.runtimes.jars.lock import Jar, lock_file, locked, sha256_of
from cloudstage.runtimes.versions import GlueVersion

__all__ = ["Jar", "ensure", "present"]
Report = Callable[[str], None]
REPORT_SECONDS = 5.0


def ensure(version: GlueVersion, report: Report) -> dict[Jar, Path]:
    """The locked archives' files, in the order of the class path; fetched if this user has not got them yet.

    Two processes may call this at once: one fetches, the other waits. ``report`` is told of the progress.

    Raises:
        CloudstageError: they can't be fetched, or what came is not what the lock says.
    """
    jars = locked(version)
    store = _store(version, jars)
    if not _complete(store, jars):
        with _alone(store.with_name(f"{store.name}.lock"), report):
            if not _complete(store, jars):
                _fill(version, store, jars, report)
    return {jar: store / jar.file_name for jar in jars}


def present(version: GlueVersion) -> bool:
    """Whether this user has the archives, so that ``ensure`` needs no network."""
    jars = locked(version)
    return _complete(_store(version, jars), jars)


def _store(version: GlueVersion, jars: list[Jar]) -> Path:
    lines = "\n".join(f"{jar.coordinate} {jar.sha256}" for jar in jars)
    return cache_directory() / "jars" / f"{version.runtime}-{hashlib.sha256(lines.encode()).hexdigest()[:12]}"


def _complete(store: Path, jars: list[Jar]) -> bool:
    """Whether the store was filled (its list of checksums is written last) and nothing was cut off since."""
    if not (store / "SHA256SUMS").is_file():
        return False
    return all((file := store / jar.file_name).is_file() and file.stat().st_size == jar.size for jar in jars)


@contextmanager
def _alone(lock: Path, report: Report) -> Iterator[None]:
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            report("Waiting for another process that fetches Spark's Java archives")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _fill(version: GlueVersion, store: Path, jars: list[Jar], report: Report) -> None:
    arriving, new = store.with_name(f"{store.name}.arriving"), store.with_name(f"{store.name}.new")
    spark = runtimes.ensure(version.runtime, report).site_packages / "pyspark/jars"
    files = fetch(
        java.find(version.java),
        spark,
        [jar.coordinate for jar in jars],
        arriving,
        _progress(arriving, jars, report),
    )
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    for jar in jars:
        if (found := sha256_of(files[jar.coordinate])) != jar.sha256:
            shutil.rmtree(arriving)
            raise CloudstageError(
                f"{jar.coordinate} came with sha256 {found}, {lock_file(version).name} says {jar.sha256}: "
                "the Maven repository, or something on the way, altered it. It was thrown away."
            )
        files[jar.coordinate].replace(new / jar.file_name)
    (new / "SHA256SUMS").write_text(
        "".join(f"{jar.sha256}  {jar.file_name}\n" for jar in jars), encoding="utf-8"
    )
    shutil.rmtree(store, ignore_errors=True)
    new.replace(store)
    shutil.rmtree(arriving)


def _progress(arriving: Path, jars: list[Jar], report: Report) -> Callable[[], None]:
    total = sum(jar.size for jar in jars) / 1e6
    report(f"Fetching Spark's Java archives for S3 and Iceberg ({total:.0f} MB, once)")
    due = time.monotonic() + REPORT_SECONDS

    def poll() -> None:
        nonlocal due
        if time.monotonic() >= due:
            due = time.monotonic() + REPORT_SECONDS
            arrived = sum(file.stat().st_size for file in arriving.rglob("*.jar*") if file.is_file()) / 1e6
            report(f"Fetching Spark's Java archives: {arrived:.0f} of {total:.0f} MB")

    return poll
