"""A package holds the library and its own job, the same bytes each time."""

import json
import os
import shutil
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest

from ops import package
from ops.errors import ConfigurationError
from ops.project import ROOT


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    ignore = shutil.ignore_patterns("__pycache__")
    for name in ("dst", "etl"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignore)
    for name in ("project.json", "requirements.txt"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def members(path: Path) -> set[str]:
    with zipfile.ZipFile(path) as archive:
        return set(archive.namelist())


def test_every_job_gets_its_own_code_and_no_other_jobs(checkout: Path) -> None:
    shutil.copytree(checkout / "etl/ingest_raw_data", checkout / "etl/another_job")
    built = {path.stem: members(path) for path in package.build(checkout)}
    assert {"ingest_raw_data", "register_raw_data", "another_job"} <= set(built)
    for job, names in built.items():
        assert {"etl/__init__.py", f"etl/{job}/main.py", "dst/__init__.py", "dst/job.py"} <= names
        assert {name.split("/")[1] for name in names if name.startswith("etl/")} == {"__init__.py", job}


def test_the_same_files_give_the_same_bytes_whenever_they_were_written(checkout: Path) -> None:
    first = [path.read_bytes() for path in package.build(checkout)]
    for path in (checkout / "etl").rglob("*"):
        os.utime(path, (0, 0))
    (checkout / "etl/ingest_raw_data/__pycache__").mkdir()
    (checkout / "etl/ingest_raw_data/__pycache__/main.cpython-311.pyc").write_bytes(b"compiled")
    assert [path.read_bytes() for path in package.build(checkout)] == first


def test_the_package_of_a_job_that_is_gone_goes(checkout: Path) -> None:
    shutil.copytree(checkout / "etl/ingest_raw_data", checkout / "etl/another_job")
    package.build(checkout)
    shutil.rmtree(checkout / "etl/another_job")
    package.build(checkout)
    assert not (checkout / "build/another_job.zip").exists()


def test_a_wrong_declaration_is_named(checkout: Path) -> None:
    path = checkout / "etl/ingest_raw_data/job.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"kind": "spark"}))
    with pytest.raises(ConfigurationError, match=r"etl/ingest_raw_data/job\.json"):
        package.build(checkout)


def test_a_declaration_that_is_not_json_is_named(checkout: Path) -> None:
    (checkout / "etl/ingest_raw_data/job.json").write_text("{")
    with pytest.raises(ConfigurationError, match=r"etl/ingest_raw_data/job\.json is not JSON"):
        package.build(checkout)


def test_a_job_that_is_only_a_script_can_be_imported_from_its_package(checkout: Path) -> None:
    script = checkout / "etl/only_script"
    script.mkdir()
    (script / "main.py").write_text("print('hello')\n")
    declaration = {"kind": "glue", "description": "A job of a test", "reads": [], "writes": []}
    (script / "job.json").write_text(json.dumps(declaration))
    package.build(checkout)
    assert "etl/only_script/" in members(checkout / "build/only_script.zip")


def with_modules(checkout: Path, *modules: str) -> Path:
    """The register job, which is a function, with these modules."""
    path = checkout / "etl/register_raw_data/job.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"python_modules": list(modules)}))
    return checkout / "build/register_raw_data.zip"


def test_a_function_carries_modules_for_the_python_and_the_platform_of_lambda(checkout: Path) -> None:
    built = with_modules(checkout, f"pandas=={version('pandas')}")
    package.build(checkout)
    compiled = {name for name in members(built) if name.endswith(".so")}
    assert any(name.startswith("pandas/") for name in compiled)
    assert all("cpython-312-x86_64-linux-gnu" in name for name in compiled if name.startswith("pandas/"))


def test_a_function_that_is_larger_than_lambda_takes_is_refused(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(package, "LAMBDA_LARGEST_BYTES", 1000)
    with pytest.raises(
        ConfigurationError, match=r"register_raw_data has .* bytes unzipped; Lambda takes 1,000"
    ):
        package.build(checkout)
