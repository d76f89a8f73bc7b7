"""One deployment, as the commands see it: a stage, a workspace, and the local stage they live in."""

import functools
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3

from cloudstage import Cloudstage, Running
from ops.errors import StageError
from ops.project import ROOT, Project
from ops.terraform import binary, mirror, state
from ops.terraform.stack import Stack

INFRASTRUCTURE = ROOT / "terraform/environments/infrastructure"


@dataclass(frozen=True)
class Deployment:
    """What one Terraform workspace made in one stage.

    Attributes:
        project: the project's configuration.
        stage: the stage it is, a key of the project's stages.
        workspace: the Terraform workspace.
        local_stage: the emulator that plays the AWS account.
    """

    project: Project
    stage: str
    workspace: str
    local_stage: Cloudstage

    @property
    def running(self) -> Running:
        """The local stage, which must be up.

        Raises:
            StageError: it is not.
        """
        running = self.local_stage.running()
        if running is None:
            raise StageError(
                f"the local stage {self.local_stage.directory.name!r} is not running; start it: dst up"
            )
        return running

    def environment(self) -> dict[str, str]:
        """The environment for a child process whose AWS calls must reach this deployment's stage."""
        return self.running.process_environment(os.environ)

    def client(self, service: str) -> Any:
        """A boto3 client of this deployment's stage."""
        settings = self.running.environment()
        return boto3.client(
            service,
            endpoint_url=settings["AWS_ENDPOINT_URL"],
            region_name=self.project.aws_region,
            aws_access_key_id=settings["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=settings["AWS_SECRET_ACCESS_KEY"],
        )

    @property
    def state_settings(self) -> dict[str, str]:
        """Where Terraform's state of this stage is."""
        account = self.project.stages[self.stage].account_id
        return state.backend(f"{self.project.project}-terraform-backend-{account}", self.project.aws_region)

    @functools.cached_property
    def stack(self) -> Stack:
        """The infrastructure stack.

        Raises:
            ToolMissingError: there is no fitting terraform.
        """
        versions = self.project.versions
        scratch = self.local_stage.directory / "terraform" / self.workspace
        providers = mirror.provider_environment(os.environ, versions["aws_provider"], scratch)
        return Stack(
            terraform=binary.find(versions["terraform"]),
            source=INFRASTRUCTURE,
            scratch=scratch,
            environment=self.environment() | providers,
            backend=self.state_settings,
            workspace=self.workspace,
            variables={"stage": self.stage, "git_commit": git_commit(ROOT)},
        )

    def outputs(self) -> dict[str, Any]:
        """What Terraform says is deployed; see `outputs.tf`.

        Raises:
            StageError: nothing is.
        """
        self.ensure_state_bucket()
        outputs = self.stack.outputs()
        if not outputs:
            raise StageError(
                f"nothing is deployed in workspace {self.workspace!r} of the local stage "
                f"{self.local_stage.directory.name!r}; deploy it: dst apply"
            )
        return outputs

    def ensure_state_bucket(self) -> None:
        """Make the bucket of Terraform's state if this stage has none."""
        state.ensure_bucket(self.client("s3"), self.state_settings["bucket"], self.project.aws_region)


def git_commit(root: Path) -> str:
    """The checkout's commit, `-dirty` added where files differ from it; `unknown` outside git."""
    command = ["git", "-C", str(root), "describe", "--always", "--abbrev=40", "--dirty", "--exclude=*"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
