"""One deployment, as the commands see it: a stage, a workspace, and the account they live in."""

import functools
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ops.accounts import Account
from ops.errors import StageError
from ops.project import ROOT, Project, Stage
from ops.terraform import binary, mirror, state
from ops.terraform.stack import Stack
from ops.workspaces import DEFAULT

INFRASTRUCTURE = ROOT / "terraform/environments/infrastructure"


@dataclass(frozen=True)
class Deployment:
    """What one Terraform workspace made in one stage.

    Attributes:
        project: the project's configuration.
        stage: the stage it is, a key of the project's stages.
        workspace: the Terraform workspace.
        account: where it lives.
    """

    project: Project
    stage: str
    workspace: str
    account: Account

    def __str__(self) -> str:
        """Its name in a message."""
        return f"workspace {self.workspace!r} of the stage {self.stage!r}"

    @property
    def settings(self) -> Stage:
        """The stage's settings."""
        return self.project.stages[self.stage]

    @property
    def protected(self) -> bool:
        """Whether nothing that holds its data or keys may be removed."""
        return self.settings.protect_data and self.workspace == DEFAULT

    @property
    def options(self) -> str:
        """What selects it on the command line, to be added to a command; empty for the default."""
        stage = "" if self.stage == "local" else f" --stage {self.stage}"
        workspace = "" if self.workspace == DEFAULT else f" -w {self.workspace}"
        return stage + workspace + ("" if self.account.kind == self.settings.account else " --cloudstage")

    def client(self, service: str) -> Any:
        """A boto3 client of its account. Raises StageError as ``Account.client`` does."""
        return self.account.client(service)

    @property
    def state_settings(self) -> dict[str, str]:
        """Where Terraform's state of this stage is."""
        bucket = f"{self.project.project}-terraform-backend-{self.account.account_id}"
        return state.backend(bucket, self.project.aws_region)

    @property
    def scratch(self) -> Path:
        """A directory of this deployment alone."""
        return self.account.directory / "terraform" / self.workspace

    @functools.cached_property
    def stack(self) -> Stack:
        """The infrastructure stack.

        Raises:
            ToolMissingError: there is no fitting terraform.
            StageError: the account can't be used.
        """
        versions = self.project.versions
        providers = mirror.provider_environment(os.environ, versions["aws_provider"], self.scratch)
        return Stack(
            terraform=binary.find(versions["terraform"]),
            source=INFRASTRUCTURE,
            scratch=self.scratch,
            environment=self.account.environment() | providers,
            backend=self.state_settings,
            workspace=self.workspace,
            variables={"stage": self.stage, "git_commit": git_commit(ROOT)},
        )

    def deployed(self) -> state.Deployed:
        """What Terraform's state says is deployed. Nothing is started or written for it.

        Raises:
            StageError: nothing is, or the account can't be used.
        """
        deployed = state.read(self.client("s3"), self.state_settings, self.workspace)
        if not deployed.outputs:
            raise StageError(f"nothing is deployed in {self}; deploy it: dst apply{self.options}")
        return deployed

    def outputs(self) -> dict[str, Any]:
        """The outputs of what is deployed; see `outputs.tf`. Raises StageError as ``deployed`` does."""
        return self.deployed().outputs


def git_commit(root: Path) -> str:
    """The checkout's commit, `-dirty` added where files differ from it; `unknown` outside git."""
    command = ["git", "-C", str(root), "describe", "--always", "--abbrev=40", "--dirty", "--exclude=*"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
