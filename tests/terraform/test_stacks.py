"""Every module and the root stack: formatted, valid, and as its own `terraform test` demands."""

from __future__ import annotations

from pathlib import Path

import pytest

from ops.project import ROOT

from .conftest import Terraform

INFRASTRUCTURE = Path("environments/infrastructure")
MODULES = sorted(path.relative_to(ROOT / "terraform") for path in (ROOT / "terraform/modules").iterdir())


def test_everything_is_formatted(terraform: Terraform, stacks: Path) -> None:
    done = terraform(stacks, "fmt", "-check", "-recursive", "-diff")
    assert done.returncode == 0, f"run: terraform fmt -recursive terraform\n{done.stdout}"


def test_the_root_stack_is_valid(terraform: Terraform, stacks: Path) -> None:
    _initialise(terraform, stacks / INFRASTRUCTURE)
    valid = terraform(stacks / INFRASTRUCTURE, "validate", "-no-color")
    assert valid.returncode == 0, valid.stdout


@pytest.mark.parametrize("directory", [INFRASTRUCTURE, *MODULES], ids=str)
def test_it_passes_its_own_tests(terraform: Terraform, stacks: Path, directory: Path) -> None:
    _initialise(terraform, stacks / directory)
    tested = terraform(stacks / directory, "test", "-no-color")
    assert tested.returncode == 0, tested.stdout
    assert " 0 passed" not in tested.stdout, f"{directory} has no test"


def _initialise(terraform: Terraform, directory: Path) -> None:
    done = terraform(directory, "init", "-backend=false", "-input=false", "-no-color")
    assert done.returncode == 0, done.stdout
