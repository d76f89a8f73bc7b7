"""The options that many commands share, and what they select."""

import re
from typing import Annotated

import typer

from cloudstage import Cloudstage, Configuration
from ops import project
from ops.deployment import Deployment
from ops.errors import ConfigurationError
from ops.workspaces import DEFAULT, check_workspace

LOCAL_STAGES = project.ROOT / ".dst/local"
"""Each folder in it is one local stage of this checkout."""

Local = Annotated[
    str,
    typer.Option(
        "--local",
        envvar="DST_LOCAL",
        metavar="NAME",
        help="Which local stage of this checkout; several run side by side.",
    ),
]
Workspace = Annotated[
    str,
    typer.Option(
        "--workspace", "-w", envvar="DST_WORKSPACE", metavar="NAME", help="Which Terraform workspace in it."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]

DEFAULT_LOCAL = "local"


def local_stage(name: str) -> Cloudstage:
    """The local stage of this name, running or not.

    Raises:
        ConfigurationError: the name can't be a folder's.
    """
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,30}", name):
        raise ConfigurationError(
            f"local stage {name!r} is not allowed; legal: up to 31 lower-case letters, digits and hyphens"
        )
    known = project.load()
    configuration = Configuration(
        region=known.aws_region,
        account_id=known.stages["local"].account_id,
        glue_version=known.versions["glue"],
    )
    return Cloudstage(LOCAL_STAGES / name, configuration)


def deployment(local: str, workspace: str = DEFAULT) -> Deployment:
    """The deployment that the options select."""
    return Deployment(project.load(), "local", check_workspace(workspace), local_stage(local))
