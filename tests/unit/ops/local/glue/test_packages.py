"""What a job can import: what AWS Glue has and what it declares, and nothing else."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from ops.local import runtimes

from .stage import GlueStage


def archive(files: dict[str, str]) -> bytes:
    """A zip of these files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as zipped:
        for name, source in files.items():
            zipped.writestr(name, source)
    return buffer.getvalue()


def wheel(name: str, version: str) -> bytes:
    """A wheel of one module which holds its version."""
    info = f"{name}-{version}.dist-info"
    return archive(
        {
            f"{name}.py": f"VERSION = {version!r}\n",
            f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
            f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
            f"{info}/RECORD": "",
        }
    )


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


def test_a_wheel_is_installed(stage: GlueStage) -> None:
    address = stage.upload("wheels/dst_probe-1.2.3-py3-none-any.whl", wheel("dst_probe", "1.2.3"))
    job = stage.job(
        "import dst_probe; print(dst_probe.VERSION)",
        DefaultArguments={"--additional-python-modules": address},
    )

    assert stage.output(job, stage.ended(job)["Id"]) == ["1.2.3"]


def test_a_declared_module_is_installed_and_the_ones_of_glue_stay(stage: GlueStage) -> None:
    job = stage.job(
        "import six, sys, idna; print(idna.__version__, 'site-packages' in six.__file__)",
        DefaultArguments={"--additional-python-modules": "idna==3.10,six"},
    )

    assert stage.output(job, stage.ended(job)["Id"]) == ["3.10 True"]


def test_installed_modules_need_no_network_again(
    stage: GlueStage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    definition = {"--additional-python-modules": "idna==3.10"}
    job = stage.job("import idna; print(idna.__version__)", DefaultArguments=definition)
    stage.ended(job)

    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path))

    assert stage.output(job, stage.ended(job)["Id"]) == ["3.10"]


def test_a_module_that_can_not_be_installed(stage: GlueStage) -> None:
    job = stage.job("", DefaultArguments={"--additional-python-modules": "six==99.99"})

    run = stage.ended(job)

    assert run["JobRunState"] == "FAILED"
    assert run["ErrorMessage"].startswith("--additional-python-modules six==99.99 can't be installed")
    assert "six==99.99" in run["ErrorMessage"].partition("installed")[2]
    unfinished = runtimes.ensure(runtimes.glue(), print).directory.parent.glob("*-modules/*.new")
    assert list(unfinished) == []
