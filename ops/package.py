"""Packages of the jobs: one zip each, the same bytes wherever and whenever it is built.

A package holds the library `dst`, the job's own directory and nothing of any other job, so that
what a job needs but does not carry fails on the laptop and not first on AWS.
"""

import json
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from cloudstage import run_uv
from ops.errors import ConfigurationError
from ops.project import ROOT, load

LAMBDA_PLATFORM = "x86_64-manylinux_2_34"
"""What Lambda's runtimes of Python 3.12 and later can load on x86_64: Amazon Linux 2023 has glibc 2.34."""

LAMBDA_LARGEST_BYTES = 262_144_000
"""The largest function, unzipped. Source: "Lambda quotas", AWS Lambda developer guide."""

_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Job:
    """One directory under `etl/` and what its `job.json` declares."""

    name: str
    directory: Path
    declaration: dict[str, Any]


def jobs(root: Path = ROOT) -> list[Job]:
    """Find every job of the checkout, in order of name.

    Raises:
        ConfigurationError: a `job.json` is not JSON or breaks `etl/job.schema.json`.
    """
    schema = json.loads((root / "etl/job.schema.json").read_text(encoding="utf-8"))
    validator = Draft202012Validator(schema)
    found = []
    for path in sorted((root / "etl").glob("*/job.json")):
        try:
            declaration = json.loads(path.read_text(encoding="utf-8"))
        except (json.JSONDecodeError, UnicodeDecodeError) as error:
            raise ConfigurationError(f"{path.relative_to(root)} is not JSON: {error}") from None
        for problem in validator.iter_errors(declaration):
            raise ConfigurationError(f"{path.relative_to(root)}: {problem.json_path}: {problem.message}")
        if not path.with_name("main.py").is_file():
            raise ConfigurationError(
                f"{path.parent.relative_to(root)} has no main.py, where the job's code begins"
            )
        found.append(Job(path.parent.name, path.parent, declaration))
    return found


def build(root: Path = ROOT) -> list[Path]:
    """Write `build/<job>.zip` for every job and drop those of jobs that are gone.

    Returns the packages' paths. Each file is replaced whole, so that two builds at once are safe.

    Raises:
        ConfigurationError: a `job.json` is wrong, its modules can't be had for Lambda's platform, or the package
            is larger than Lambda takes.
    """
    python = load(root / "project.json").versions["lambda_python"]
    directory = root / "build"
    directory.mkdir(exist_ok=True)
    packages = [_build_one(job, root, python, directory / f"{job.name}.zip") for job in jobs(root)]
    for stale in set(directory.glob("*.zip")) - set(packages):
        stale.unlink(missing_ok=True)
    return packages


def _build_one(job: Job, root: Path, python: str, target: Path) -> Path:
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{job.name}-") as scratch:
        draft = Path(scratch) / target.name
        modules = job.declaration.get("python_modules", [])
        vendored = Path(scratch) / "modules"
        if job.declaration["kind"] == "lambda" and modules:
            _vendor(modules, vendored, root, python)
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_STORED) as archive:
            for name, path in sorted(_members(job, root, vendored)):
                entry = zipfile.ZipInfo(name, _EPOCH)
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, path.read_bytes())
            if not (job.directory / "__init__.py").exists():
                # Python finds a package without __init__.py in a zip by its directory's entry only.
                archive.writestr(zipfile.ZipInfo(f"etl/{job.name}/", _EPOCH), b"")
        if job.declaration["kind"] == "lambda":
            _check_size(job, draft)
        draft.replace(target)
    return target


def _check_size(job: Job, package: Path) -> None:
    with zipfile.ZipFile(package) as archive:
        size = sum(entry.file_size for entry in archive.infolist())
    if size > LAMBDA_LARGEST_BYTES:
        raise ConfigurationError(
            f"the package of {job.name} has {size:,} bytes unzipped; Lambda takes {LAMBDA_LARGEST_BYTES:,}. Remove "
            f"from python_modules in etl/{job.name}/job.json what it can do without, or make it a Glue job"
        )


def _members(job: Job, root: Path, vendored: Path) -> Iterator[tuple[str, Path]]:
    yield "etl/__init__.py", root / "etl/__init__.py"
    for directory in (root / "dst", job.directory):
        for path in _files(directory):
            yield path.relative_to(root).as_posix(), path
    for path in _files(vendored):
        yield path.relative_to(vendored).as_posix(), path


def _files(directory: Path) -> Iterator[Path]:
    for path in directory.rglob("*"):
        parts = path.relative_to(directory).parts
        if (
            path.is_file()
            and path.suffix != ".pyc"
            and not any(p.startswith(".") or p == "__pycache__" for p in parts)
        ):
            yield path


def _vendor(modules: list[str], target: Path, root: Path, python: str) -> None:
    where = ("--target", target, "--python-platform", LAMBDA_PLATFORM, "--python-version", python)
    try:
        run_uv("pip", "install", *where, "--only-binary", ":all:", "-c", root / "requirements.txt", *modules)
    except subprocess.CalledProcessError as error:
        raise ConfigurationError(
            f"python_modules {modules} can't be packaged for Lambda:\n{error.stderr}"
        ) from None
