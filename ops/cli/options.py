"""The options that many commands share, and what they select."""

from typing import Annotated

import typer

from cloudstage import Cloudstage, Configuration
from ops import project
from ops.accounts import Account, AwsAccount, CloudstageAccount
from ops.deployment import Deployment
from ops.errors import ConfigurationError
from ops.workspaces import DEFAULT, check_workspace

NOTES = project.ROOT / ".dst"
CLOUDSTAGES = NOTES / "cloudstages"
"""Each folder in it is a cloudstage of this checkout, named after the stage that it plays."""

LOCAL = "local"

Stage = Annotated[
    str,
    typer.Option(
        "--stage",
        "-s",
        envvar="DST_STAGE",
        metavar="NAME",
        help="Which stage of project.json: local, dev, int …",
    ),
]
Played = Annotated[
    bool,
    typer.Option(
        "--cloudstage",
        envvar="DST_CLOUDSTAGE",
        help="Let a cloudstage on this machine play the stage's account, whatever project.json says.",
    ),
]
Workspace = Annotated[
    str,
    typer.Option(
        "--workspace", "-w", envvar="DST_WORKSPACE", metavar="NAME", help="Which Terraform workspace in it."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]


def cloudstage_of(stage: str) -> Cloudstage:
    """The cloudstage that plays the account of a stage, running or not.

    Raises:
        ConfigurationError: there is no such stage.
    """
    known = project.load()
    configuration = Configuration(
        region=known.aws_region,
        account_id=_settings(known, stage).account_id,
        glue_version=known.versions["glue"],
    )
    return Cloudstage(CLOUDSTAGES / stage, configuration)


def cloudstage_account(stage: str) -> CloudstageAccount:
    """The account of a stage as its cloudstage plays it.

    Raises:
        ConfigurationError: there is no such stage.
    """
    return CloudstageAccount(cloudstage_of(stage), f"dst up --stage {stage}")


def account_of(stage: str, *, played: bool) -> Account:
    """The account of a stage: a cloudstage if one plays it, else AWS's own.

    Raises:
        ConfigurationError: there is no such stage.
    """
    known = project.load()
    settings = _settings(known, stage)
    if played or settings.account == "cloudstage":
        return cloudstage_account(stage)
    return AwsAccount(settings.account_id, known.aws_region, NOTES / "aws" / stage, stage)


def deployment(stage: str, workspace: str = DEFAULT, *, played: bool = False) -> Deployment:
    """The deployment that the options select."""
    account = account_of(stage, played=played)
    return Deployment(project.load(), stage, check_workspace(workspace), account)


def _settings(known: project.Project, stage: str) -> project.Stage:
    if stage not in known.stages:
        raise ConfigurationError(f"project.json has no stage {stage!r}; it has: {', '.join(known.stages)}")
    return known.stages[stage]
