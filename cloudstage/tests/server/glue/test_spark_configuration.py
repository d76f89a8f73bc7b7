"""What Spark is told before a job's script begins."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cloudstage.glue.class_data import ClassData, Recording
from cloudstage.glue.spark import WITH_ICEBERG, SparkInstallation, SparkWishes, configure
from cloudstage.runtimes.java import Java

CLIENT = {"AWS_ENDPOINT_URL": "http://127.0.0.1:4711", "AWS_REGION": "eu-central-1"}


@pytest.fixture
def installation(tmp_path: Path) -> SparkInstallation:
    archives = [tmp_path / f"{name}.jar" for name in ("hadoop-aws", "iceberg", "spark/jars/spark-core")]
    for archive in archives:
        archive.parent.mkdir(parents=True, exist_ok=True)
        archive.touch()
    java = Java(tmp_path / "java", "17.0.1")
    return SparkInstallation(
        python=tmp_path / "python",
        spark_home=tmp_path / "spark",
        java_home=java.home,
        archives=(archives[0],),
        iceberg_archives=(archives[1],),
        memory_mb=1024,
        class_sharing=ClassData(tmp_path / "class data", java),
    )


def properties(installation: SparkInstallation, directory: Path, wishes: SparkWishes) -> dict[str, str]:
    """Spark's settings, as its properties file has them."""
    directory.mkdir()
    configure(installation, directory, CLIENT, wishes)
    lines = (directory / "spark.properties").read_text().splitlines()
    return dict(line.split(" ", 1) for line in lines)


def test_spark_s_own_classes_come_first_and_iceberg_only_if_wished(
    installation: SparkInstallation, tmp_path: Path
) -> None:
    (tmp_path / "own.jar").touch()
    own = SparkWishes(extra_jars=(tmp_path / "own.jar",))

    plain = properties(installation, tmp_path / "plain", own)["spark.driver.extraClassPath"]
    iceberg = properties(installation, tmp_path / "with", WITH_ICEBERG)["spark.driver.extraClassPath"]

    names = [[Path(entry).name for entry in path.split(":")] for path in (plain, iceberg)]
    assert names == [["*", "hadoop-aws.jar", "own.jar"], ["*", "hadoop-aws.jar", "iceberg.jar"]]


def test_s3_is_the_stage_s(installation: SparkInstallation, tmp_path: Path) -> None:
    settings = properties(installation, tmp_path / "run", SparkWishes())

    assert settings["spark.hadoop.fs.s3.impl"] == "org.apache.hadoop.fs.s3a.S3AFileSystem"
    assert settings["spark.hadoop.fs.s3a.endpoint"] == CLIENT["AWS_ENDPOINT_URL"]
    assert settings["spark.hadoop.fs.s3a.path.style.access"] == "true"


def test_the_job_s_settings_win(installation: SparkInstallation, tmp_path: Path) -> None:
    wishes = SparkWishes(settings={"spark.driver.memory": "9g", "spark.mine": "a b"})

    settings = properties(installation, tmp_path / "run", wishes)

    assert (settings["spark.driver.memory"], settings["spark.mine"]) == ("9g", "a b")


def test_shared_classes_are_used_once_they_were_made(installation: SparkInstallation, tmp_path: Path) -> None:
    class_data = installation.class_sharing
    assert isinstance(class_data, ClassData)
    class_path = installation.class_path(WITH_ICEBERG)

    before = class_data.options(class_path)
    class_data.directory.mkdir()
    class_data.base.touch()
    base_only = class_data.options(class_path)
    class_data.session(class_path).touch()
    after = class_data.options(class_path)

    assert before == []
    assert base_only == [f"-XX:SharedArchiveFile={class_data.base}"]
    assert after == [f"-XX:SharedArchiveFile={class_data.base}:{class_data.session(class_path)}"]
    options = properties(installation, tmp_path / "run", WITH_ICEBERG)["spark.driver.extraJavaOptions"]
    assert f'"{after[0]}"' in options


def test_changed_archives_need_other_class_data(installation: SparkInstallation) -> None:
    class_data = installation.class_sharing
    assert isinstance(class_data, ClassData)
    before = class_data.session(installation.class_path(WITH_ICEBERG))

    os.utime(installation.iceberg_archives[0], (1, 1))

    assert class_data.session(installation.class_path(WITH_ICEBERG)) != before


def test_what_could_not_be_made_is_not_missing(installation: SparkInstallation) -> None:
    class_data = installation.class_sharing
    assert isinstance(class_data, ClassData)
    class_data.directory.mkdir()

    assert class_data.missing([])
    class_data.failure([]).touch()
    assert not class_data.missing([])


def test_a_recording_is_of_the_session_not_of_what_starts_it(tmp_path: Path) -> None:
    recording = Recording(tmp_path / "base", tmp_path / "target")

    assert recording.options([]) == [f"-XX:SharedArchiveFile={tmp_path / 'base'}"]
    assert f"-XX:ArchiveClassesAtExit={tmp_path / 'target'}" in recording.options([tmp_path])
