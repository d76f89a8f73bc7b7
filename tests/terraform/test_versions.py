"""Terraform reads no file where it names versions, so a test keeps them equal to project.json."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ops.project import ROOT, load

INFRASTRUCTURE = ROOT / "terraform/environments/infrastructure"
VERSION_FILES = sorted((ROOT / "terraform").rglob("versions.tf"))


@pytest.mark.parametrize("path", VERSION_FILES, ids=lambda path: path.parent.name)
def test_terraform_is_the_projects(path: Path) -> None:
    constraint = re.search(r'required_version = "([^"]+)"', path.read_text())
    assert constraint
    assert constraint[1] == load().versions["terraform"]


def test_the_provider_is_the_projects_and_locked() -> None:
    wanted = load().versions["aws_provider"]
    assert f'version = "{wanted}"' in (INFRASTRUCTURE / "versions.tf").read_text()
    lock = (INFRASTRUCTURE / ".terraform.lock.hcl").read_text()
    assert re.search(rf'version\s+= "{re.escape(wanted)}"', lock)
    assert lock.count('"h1:') >= 3, "the lock must hold the checksums for Linux, macOS and Windows"
