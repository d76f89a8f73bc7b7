"""Terraform on a copy of the stacks, so that what `terraform init` writes stays out of the checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from ops import project
from ops.terraform import binary, mirror

Terraform = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def stacks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of `terraform/` with the files that it reads beside it, as in the checkout."""
    copy = tmp_path_factory.mktemp("checkout")
    unwanted = shutil.ignore_patterns(".terraform", "__pycache__")
    for part in ("dst", "terraform", "tests/terraform/data"):
        shutil.copytree(project.ROOT / part, copy / part, ignore=unwanted)
    shutil.copy(project.ROOT / "project.json", copy)
    return copy / "terraform"


@pytest.fixture(scope="session")
def terraform(stacks: Path, tmp_path_factory: pytest.TempPathFactory) -> Terraform:
    """Runs `terraform <arguments>` in a directory of the copy, without any backend or account."""
    versions = project.load().versions
    program = binary.find(versions["terraform"])
    # Nobody's own region, profile or endpoint may decide a test.
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "TF_"))}
    environment |= {
        name: os.environ[name] for name in ("TF_CLI_CONFIG_FILE", "TF_PLUGIN_CACHE_DIR") if name in os.environ
    }
    environment |= mirror.provider_environment(
        environment, versions["aws_provider"], tmp_path_factory.mktemp("mirror")
    )
    environment |= {"CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1"}

    def run(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [program, *arguments],
            cwd=directory,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )

    return run
