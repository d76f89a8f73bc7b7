"""What a job can import: what AWS Glue has and what it declares, and nothing else."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from small_wheel import archive, write_wheel

from .stage import GlueStage


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The only place where uv finds packages: a directory of wheels."""
    directory = tmp_path / "wheels"
    directory.mkdir()
    monkeypatch.setenv("UV_FIND_LINKS", str(directory))
    monkeypatch.setenv("UV_NO_INDEX", "1")
    return directory


@pytest.fixture
def probe() -> str:
    """The name of a package that was never installed."""
    return f"probe_{uuid.uuid4().hex[:8]}"


def test_extra_py_files_are_importable(stage: GlueStage) -> None:
    first = stage.upload("one/package.zip", archive({"lib/__init__.py": "", "lib/deep.py": "VALUE = 1"}))
    second = stage.upload("two/package.zip", archive({"other.py": "VALUE = 2"}))
    module = stage.upload("three/single.py", b"VALUE = 3")
    job = stage.job(
        "import other, single\nfrom lib.deep import VALUE\nprint(VALUE, other.VALUE, single.VALUE)",
        DefaultArguments={"--extra-py-files": f"{first}, {second},{module}"},
    )

    run = stage.ended(job)

    assert run["JobRunState"] == "SUCCEEDED"
    assert stage.output(job, run["Id"]) == ["1 2 3"]


def test_extra_files_are_in_the_working_directory(stage: GlueStage) -> None:
    file = stage.upload("settings/limits.json", b'{"most": 5}')
    job = stage.job("print(open('limits.json').read())", DefaultArguments={"--extra-files": file})

    assert stage.output(job, stage.ended(job)["Id"]) == ['{"most": 5}']


@pytest.mark.parametrize(
    ("address", "reason"),
    [("s3://deployed/none.zip", "can't be read"), ("package.zip", "not the S3 address of a file")],
)
def test_a_package_that_can_not_be_fetched(stage: GlueStage, address: str, reason: str) -> None:
    run = stage.ended(stage.job("", DefaultArguments={"--extra-py-files": address}))

    assert run["JobRunState"] == "FAILED"
    assert run["ErrorMessage"].startswith("--extra-py-files")
    assert reason in run["ErrorMessage"]


@pytest.mark.parametrize("module", ["dst", "ops", "etl", "moto", "pydantic", "executor"])
def test_nothing_of_the_checkout_is_importable(stage: GlueStage, module: str) -> None:
    run = stage.ended(stage.job(f"import {module}"))

    assert run["JobRunState"] == "FAILED"
    assert run["ErrorMessage"].startswith(f"ModuleNotFoundError: No module named '{module}'")
    assert "python_modules" in run["ErrorMessage"]


def test_what_glue_has_is_importable(stage: GlueStage) -> None:
    job = stage.job("import boto3, numpy, pandas, pyarrow, pyspark; print(pyspark.__version__)")

    assert stage.output(job, stage.ended(job)["Id"]) == ["3.5.6"]


def test_a_wheel_is_installed(stage: GlueStage, probe: str, index: Path) -> None:
    wheel = write_wheel(index, probe, "1.2.3")
    address = stage.upload(f"wheels/{wheel.name}", wheel.read_bytes())
    job = stage.job(
        f"import {probe}; print({probe}.VERSION)", DefaultArguments={"--additional-python-modules": address}
    )

    assert stage.output(job, stage.ended(job)["Id"]) == ["1.2.3"]


def test_what_a_module_needs_is_installed_but_what_glue_has_stays(
    stage: GlueStage, probe: str, index: Path
) -> None:
    needed = f"{probe}_needed"
    write_wheel(index, probe, "1.0", requires=("six", needed))
    write_wheel(index, needed, "2.0")
    for version in ("1.17.0", "99.0"):
        write_wheel(index, "six", version)
    job = stage.job(
        f"import {probe}, {needed}, six; print({needed}.VERSION, six.__version__)",
        DefaultArguments={"--additional-python-modules": f"{probe}==1.0"},
    )

    assert stage.output(job, stage.ended(job)["Id"]) == ["2.0 1.17.0"]


def test_a_job_may_replace_what_glue_has(stage: GlueStage, index: Path) -> None:
    write_wheel(index, "six", "99.0")
    job = stage.job(
        "import six; print(six.VERSION)", DefaultArguments={"--additional-python-modules": "six==99.0"}
    )

    assert stage.output(job, stage.ended(job)["Id"]) == ["99.0"]


def test_installed_modules_need_no_index_again(stage: GlueStage, probe: str, index: Path) -> None:
    wheel = write_wheel(index, probe, "1.0")
    job = stage.job(f"import {probe}", DefaultArguments={"--additional-python-modules": f"{probe}==1.0"})
    first = stage.ended(job)

    wheel.unlink()

    assert [first["JobRunState"], stage.ended(job)["JobRunState"]] == ["SUCCEEDED", "SUCCEEDED"]


def test_a_module_that_can_not_be_installed(stage: GlueStage, probe: str, index: Path) -> None:
    job = stage.job("", DefaultArguments={"--additional-python-modules": f"{probe}==1.0"})

    run = stage.ended(job)
    write_wheel(index, probe, "1.0")
    later = stage.ended(job)

    assert run["JobRunState"] == "FAILED"
    assert run["ErrorMessage"].startswith(f"--additional-python-modules {probe}==1.0 can't be installed: ")
    assert probe.replace("_", "-") in run["ErrorMessage"].partition("installed: ")[2]
    assert later["JobRunState"] == "SUCCEEDED"
