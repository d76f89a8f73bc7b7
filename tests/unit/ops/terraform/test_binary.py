"""Only a terraform of a fitting version is used; otherwise one sentence says how to get one."""

import stat
from pathlib import Path

import pytest

from ops.errors import ToolMissingError
from ops.terraform import binary


@pytest.mark.parametrize(
    ("version", "constraint", "fits"),
    [
        ("1.11.4", ">= 1.11.0, < 2.0.0", True),
        ("1.10.9", ">= 1.11.0, < 2.0.0", False),
        ("2.0.0", ">= 1.11.0, < 2.0.0", False),
        ("1.12.0-beta1", ">= 1.11.0", True),
        ("1.11.4", "~> 1.11.0", True),
        ("1.12.0", "~> 1.11.0", False),
        ("1.12.0", "~> 1.11", True),
        ("2.0.0", "~> 1.11", False),
        ("1.11.4", "1.11.4", True),
        ("1.11.5", "= 1.11.4", False),
    ],
)
def test_constraints_mean_what_terraform_means(version: str, constraint: str, fits: bool) -> None:
    assert binary.satisfies(version, constraint) is fits


def program(path: Path, says: str) -> Path:
    path.write_text(f"#!/bin/sh\necho '{says}'\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def test_no_terraform_is_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("DST_TERRAFORM", raising=False)
    with pytest.raises(ToolMissingError, match=r"Terraform >= 1\.11 is needed .* install it"):
        binary.find(">= 1.11")


def test_an_old_terraform_is_named_with_its_version(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(
        "DST_TERRAFORM", str(program(tmp_path / "terraform", '{"terraform_version": "0.12.1"}'))
    )
    with pytest.raises(ToolMissingError, match=r"is 0\.12\.1; install another"):
        binary.find(">= 1.11")


def test_a_broken_terraform_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DST_TERRAFORM", str(program(tmp_path / "terraform", "segmentation fault")))
    with pytest.raises(ToolMissingError, match="does not work"):
        binary.find(">= 1.11")
