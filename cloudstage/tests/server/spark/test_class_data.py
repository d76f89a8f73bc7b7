"""Sessions take their classes from the archive that the training has made."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from cloudstage.credentials import generate
from cloudstage.environment import client_environment
from cloudstage.glue.class_data import ClassData
from cloudstage.glue.driver import driver_environment
from cloudstage.glue.spark import WITH_ICEBERG, SparkInstallation, SparkWishes, configure
from cloudstage.glue.tools import provide_tools
from cloudstage.runtimes.versions import GLUE_VERSIONS

TRAIN = [sys.executable, "-m", "cloudstage.glue.training", "5.1"]


@pytest.fixture(scope="module")
def installation() -> SparkInstallation:
    subprocess.run(TRAIN, check=True)
    installation = provide_tools(GLUE_VERSIONS["5.1"], print).spark
    assert installation
    return installation


def test_a_session_takes_most_of_its_classes_from_the_archive(
    installation: SparkInstallation, tmp_path: Path
) -> None:
    loaded = tmp_path / "classes.log"
    options = [
        *installation.java_options(installation.class_path(WITH_ICEBERG)),
        f"-Xlog:class+load:file={loaded}",
    ]
    wishes = SparkWishes(iceberg=True, settings={"spark.driver.extraJavaOptions": " ".join(options)})
    client = client_environment("http://127.0.0.1:9", "eu-central-1", generate())
    environment = driver_environment(installation.python, tmp_path, [], client)
    environment |= configure(installation, tmp_path, client, wishes)
    session = "from pyspark.sql import SparkSession as S; print(S.builder.getOrCreate().range(9).count())"

    subprocess.run([installation.python, "-c", session], check=True, env=environment, cwd=environment["PWD"])

    sources = [line.partition(" source: ")[2] for line in loaded.read_text().splitlines()]
    shared = [source for source in sources if source.startswith("shared objects file")]
    assert len(shared) > 0.7 * len(sources) > 5000


def test_it_is_made_once(installation: SparkInstallation) -> None:
    class_data = installation.class_sharing
    assert isinstance(class_data, ClassData)
    archive = class_data.session(installation.class_path(WITH_ICEBERG))
    made = archive.stat().st_mtime_ns

    subprocess.run(TRAIN, check=True)

    assert archive.stat().st_mtime_ns == made
    assert not class_data.missing(installation.class_path(WITH_ICEBERG))
    assert list(class_data.directory.glob("training-*")) == []
