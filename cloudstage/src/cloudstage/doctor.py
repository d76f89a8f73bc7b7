"""What this machine has of what cloudstage can use, each with what to do about it."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cloudstage import runtimes
from cloudstage.cache import cache_directory
from cloudstage.configuration import Configuration
from cloudstage.errors import CloudstageError
from cloudstage.runtimes.versions import GLUE_VERSIONS, GlueVersion

NEEDED_GIGABYTES = 3


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        name: what.
        level: `ok`, `optional` (works without it) or `missing` (does not).
        detail: what was found.
        remedy: what to do; empty when ok.
    """

    name: str
    level: str
    detail: str
    remedy: str = ""


def examine(configuration: Configuration) -> list[Finding]:
    """Look at everything; never raises for what is wrong with the machine."""
    version = GLUE_VERSIONS[configuration.glue_version]
    return [
        Finding("Python", "ok", f"{sys.version.partition(' ')[0]} at {sys.executable}"),
        *_java(version),
        *_glue(version),
        *_program("node", "only Lambda functions in JavaScript need it; see https://nodejs.org"),
        *_loopback(),
        *_disk(cache_directory()),
    ]


def _java(version: GlueVersion) -> Iterator[Finding]:
    from cloudstage.runtimes import java

    try:
        yield Finding("Java", "ok", f"{version.java} at {java.find(version.java).home}")
    except CloudstageError as error:
        yield Finding("Java", "missing", "not usable", str(error))


def _glue(version: GlueVersion) -> Iterator[Finding]:
    from cloudstage.runtimes import jars

    name = f"AWS Glue {version.name}"
    if runtimes.installed(version.runtime) and jars.present(version):
        yield Finding(
            name, "ok", f"Spark {version.spark}, Iceberg {version.iceberg}, Hadoop {version.hadoop}"
        )
    else:
        yield Finding(name, "optional", "not fetched yet", "the first job run fetches it (needs a network)")


def _loopback() -> Iterator[Finding]:
    try:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            yield Finding("A free port", "ok", f"such as {probe.getsockname()[1]} on 127.0.0.1")
    except OSError as error:
        yield Finding("A free port", "missing", str(error), "allow programs to listen on 127.0.0.1")


def _disk(place: Path) -> Iterator[Finding]:
    while not place.exists():
        place = place.parent
    gigabytes = shutil.disk_usage(place).free / 1e9
    if gigabytes > NEEDED_GIGABYTES:
        yield Finding(f"Disk at {place}", "ok", f"{gigabytes:.0f} GB free")
    else:
        yield Finding(
            f"Disk at {place}", "missing", f"{gigabytes:.0f} GB free", f"free {NEEDED_GIGABYTES} GB"
        )


def _program(name: str, remedy: str) -> Iterator[Finding]:
    path = shutil.which(name)
    if path is None:
        yield Finding(name, "optional", "not found", remedy)
        return
    done = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
    yield Finding(name, "ok", f"{(done.stdout or done.stderr).strip().partition(chr(10))[0]} at {path}")
