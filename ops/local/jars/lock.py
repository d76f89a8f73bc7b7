"""Which archives belong to the versions in project.json, and their checksums.

`make -f dst.mk lock` writes them to `runtimes/glue-<version>-jars.txt`.
"""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path

from ops.errors import OpsError
from ops.local import java, runtimes
from ops.local.jars.ivy import fetch
from ops.project import load

AWS_SDK_OF_HADOOP = "1.12.262"
"""The AWS SDK that hadoop-aws 3.3.4 is built with: its POM names `aws-java-sdk-bundle` of this version."""
AWS_SDK_PARTS = ("core", "dynamodb", "kms", "s3", "sts")
"""The parts of it S3A refers to (`jdeps --missing-deps` finds no other): 6 MB instead of the bundle's 281."""


@dataclass(frozen=True)
class Jar:
    """One archive of the lock: `group:artifact:version`, its size in bytes, its sha256 in hex."""

    coordinate: str
    size: int
    sha256: str

    @property
    def file_name(self) -> str:
        """Artifact and version, as Maven names the file."""
        _, artifact, version = self.coordinate.split(":")
        return f"{artifact}-{version}.jar"

    @property
    def is_iceberg(self) -> bool:
        """Whether AWS Glue adds it only for `--datalake-formats iceberg`."""
        return self.coordinate.startswith("org.apache.iceberg:")


def coordinates() -> list[str]:
    """The archives that belong to the versions in project.json, in the order of the class path."""
    versions = load().versions
    hadoop, iceberg, spark = (
        versions["hadoop"],
        versions["iceberg"],
        ".".join(versions["spark"].split(".")[:2]),
    )
    return [
        f"org.apache.hadoop:hadoop-aws:{hadoop}",
        *(f"com.amazonaws:aws-java-sdk-{part}:{AWS_SDK_OF_HADOOP}" for part in AWS_SDK_PARTS),
        f"com.amazonaws:jmespath-java:{AWS_SDK_OF_HADOOP}",
        "software.amazon.ion:ion-java:1.0.2",
        "com.fasterxml.jackson.dataformat:jackson-dataformat-cbor:2.15.2",
        "org.wildfly.openssl:wildfly-openssl:1.0.7.Final",
        f"org.apache.iceberg:iceberg-spark-runtime-{spark}_2.12:{iceberg}",
        f"org.apache.iceberg:iceberg-aws-bundle:{iceberg}",
    ]


def lock_file() -> Path:
    """The lock of the Glue version in project.json."""
    return runtimes.LOCKS / f"{runtimes.glue()}-jars.txt"


def locked() -> list[Jar]:
    """The lock's archives, in the order of the class path.

    Raises:
        OpsError: the lock does not belong to the versions in project.json.
    """
    lines = [
        line.split()
        for line in lock_file().read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    ]
    jars = [Jar(coordinate, int(size), sha256.removeprefix("sha256:")) for coordinate, size, sha256 in lines]
    if [jar.coordinate for jar in jars] != coordinates():
        raise OpsError(
            f"{lock_file()} does not belong to the versions in project.json; run `make -f dst.mk lock`"
        )
    return jars


def sha256_of(file: Path) -> str:
    """The checksum of a file's content, in hex."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write() -> Path:
    """Fetch the archives of the versions in project.json; write their sizes and checksums as the new lock."""
    spark = runtimes.ensure(runtimes.glue(), lambda _: None).site_packages / "pyspark/jars"
    with tempfile.TemporaryDirectory(prefix="dst-jars-") as scratch:
        files = fetch(java.find(), spark, coordinates(), Path(scratch), lambda: None)
        lines = [
            "# Written by `make -f dst.mk lock`: coordinate, bytes, checksum; in the order of the class path."
        ]
        lines += [f"{one} {file.stat().st_size} sha256:{sha256_of(file)}" for one, file in files.items()]
    lock_file().write_text("\n".join(lines) + "\n", encoding="utf-8")
    return lock_file()
