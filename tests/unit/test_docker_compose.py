"""The unit tests' image fits the project, and every engine can build it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ops.project import ROOT, load

DOCKERFILES = sorted(ROOT.glob("[!.]*/**/Dockerfile*"))
COMPOSE = ROOT / "docker-compose.yaml"


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_the_base_image_has_the_projects_python() -> None:
    dockerfile = (ROOT / "tests/setup/Dockerfile.unit-test").read_text()

    assert re.findall(r"^FROM (.+)$", dockerfile, re.MULTILINE) == [
        f"python:{load().versions['python']}-slim-bookworm"
    ]


def test_the_runtimes_are_made_from_the_sources_that_are_copied_first(tmp_path: Path) -> None:
    dockerfile = (ROOT / "tests/setup/Dockerfile.unit-test").read_text().partition("USER tester")[0]
    for sources, target in re.findall(r"^COPY --chown=tester (.+) (\S+)$", dockerfile, re.MULTILINE):
        for source in map(ROOT.joinpath, sources.split()):
            if source.is_dir():
                shutil.copytree(source, tmp_path / target)
            else:
                (tmp_path / target).mkdir(parents=True, exist_ok=True)
                shutil.copy(source, tmp_path / target)

    code = "from ops.local import runtimes; print(runtimes.glue(), runtimes.aws_lambda(), runtimes.__file__)"
    made = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stderr
    assert str(tmp_path) in made.stdout


@pytest.mark.parametrize("dockerfile", DOCKERFILES, ids=name)
def test_no_dockerfile_needs_buildkit(dockerfile: Path) -> None:
    only_buildkit = r"^# *syntax=|--mount|--link|<<[-']?[A-Z]"

    assert re.findall(only_buildkit, dockerfile.read_text(), re.MULTILINE) == []


@pytest.mark.parametrize("dockerfile", DOCKERFILES, ids=name)
def test_every_image_runs_as_an_ordinary_user(dockerfile: Path) -> None:
    users = re.findall(r"^USER (.+)$", dockerfile.read_text(), re.MULTILINE)

    assert users[-1] not in ("root", "0")


def test_the_compose_file_is_for_both_versions_of_compose() -> None:
    text = COMPOSE.read_text()

    assert re.findall(r"^(version|name|include):|profiles:|\$\{\w+:\+", text, re.MULTILINE) == []
