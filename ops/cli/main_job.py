"""`dst demo`: the main job."""

from typing import Annotated

import typer
from rich.console import Console

from ops import project
from ops.cli.options import LOCAL, Stage, cloudstage_account
from ops.deployment import Deployment
from ops.workspaces import DEFAULT


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(rich_help_panel="Begin here")(demo)


def demo(
    keep: Annotated[bool, typer.Option("--keep", help="Leave the cloudstage running at the end.")] = False,
    stage: Stage = LOCAL,
) -> None:
    """Deploy the platform on this machine, run a job on real data, and query its table."""
    from ops.demo import main_job  # only here: its data sets and plots take a second to import

    account = cloudstage_account(stage)
    main_job.run(Deployment(project.load(), stage, DEFAULT, account), account.cloudstage, Console(), keep)
