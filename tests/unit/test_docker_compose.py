"""The unit tests' image fits the project, and every engine can build it."""

from __future__ import annotations

import re
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
