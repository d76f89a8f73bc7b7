"""Which archives belong to a Glue version, and their checksums.

`write` writes them to `runtimes/glue-<version>-jars.txt`.
"""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path

from cloudstage import runtimes
from cloudstage.errors import CloudstageError
from cloudstage.runtimes import java
from cloudstage.runtimes.jars.ivy import fetch
from cloudstage.runtimes.versions import GlueVersion

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


def coordinates(version: GlueVersion) -> list[str]:
    """The archives that belong to a Glue version, in the order of the class path."""
    hadoop, iceberg = version.hadoop, version.iceberg
    spark = ".".join(version.spark.split(".")[:2])
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


def lock_file(version: GlueVersion) -> Path:
    """The lock of a Glue version."""
    return runtimes.LOCKS / f"{version.runtime}-jars.txt"


def locked(version: GlueVersion) -> list[Jar]:
    """The lock's archives, in the order of the class path.

    Raises:
        CloudstageError: the lock does not belong to the versions that Glue version has.
    """
    lines = [
        line.split()
        for line in lock_file(version).read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    ]
    jars = [Jar(coordinate, int(size), sha256.removeprefix("sha256:")) for coordinate, size, sha256 in lines]
    if [jar.coordinate for jar in jars] != coordinates(version):
        raise CloudstageError(
            f"{lock_file(version)} does not belong to the versions of Glue {version.name} in "
            "glue/versions.py; write it anew"
        )
    return jars


def sha256_of(file: Path) -> str:
    """The checksum of a file's content, in hex."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write(version: GlueVersion) -> Path:
    """Fetch the archives of a Glue version; write their sizes and checksums as the new lock."""
    spark = runtimes.ensure(version.runtime, lambda _: None).site_packages / "pyspark/jars"
    with tempfile.TemporaryDirectory(prefix="cloudstage-jars-") as scratch:
        files = fetch(java.find(version.java), spark, coordinates(version), Path(scratch), lambda: None)
        lines = ["# Coordinate, bytes, checksum; in the order of the class path."]
        lines += [f"{one} {file.stat().st_size} sha256:{sha256_of(file)}" for one, file in files.items()]
    lock_file(version).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return lock_file(version)
