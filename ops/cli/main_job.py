"""`dst demo`: the main job."""

from typing import Annotated

import typer
from rich.console import Console

from ops.cli.options import DEFAULT_LOCAL, Local, deployment


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(rich_help_panel="Begin here")(demo)


def demo(
    keep: Annotated[bool, typer.Option("--keep", help="Leave the local stage running at the end.")] = False,
    local: Local = DEFAULT_LOCAL,
) -> None:
    """Deploy the platform on this machine, run a job on real data, and query its table."""
    from ops.demo import main_job  # only here: its data sets and plots take a second to import

    main_job.run(deployment(local), Console(), keep)
