"""`dst package`, `plan`, `apply`, `destroy`: Terraform for one deployment."""

import typer
from rich.console import Console

from ops import infrastructure
from ops import package as packages
from ops.cli.options import LOCAL, Played, Stage, Workspace, deployment
from ops.project import ROOT
from ops.steps import Steps
from ops.workspaces import DEFAULT


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    for command in (package, plan, apply, destroy):
        app.command(rich_help_panel="Infrastructure")(command)


def package() -> None:
    """Build the packages of the jobs into build/; plan and apply do it by themselves."""
    for path in packages.build():
        typer.echo(f"{path.relative_to(ROOT)}  {path.stat().st_size:,} bytes")


def plan(stage: Stage = LOCAL, workspace: Workspace = DEFAULT, played: Played = False) -> None:
    """Show what apply would change."""
    typer.echo(infrastructure.show_plan(deployment(stage, workspace, played=played), progress()))


def apply(stage: Stage = LOCAL, workspace: Workspace = DEFAULT, played: Played = False) -> None:
    """Deploy this checkout: package the jobs, plan, and apply that very plan."""
    selected = deployment(stage, workspace, played=played)
    applied = infrastructure.apply(selected, progress())
    if applied.empty:
        typer.echo("Nothing to change: what is deployed is what this checkout says.")
    options = selected.options
    typer.echo(
        f"Deployed to {selected.account}. See what is there: dst status{options}    "
        f"Start a job: dst run ingest_raw_data{options}"
    )


def destroy(stage: Stage = LOCAL, workspace: Workspace = DEFAULT, played: Played = False) -> None:
    """Remove everything this workspace deployed, with its data; exits 8 if the stage protects its data."""
    selected = deployment(stage, workspace, played=played)
    destroyed = infrastructure.destroy(selected, progress())
    typer.echo(f"Removed: {destroyed.destroy} resources; nothing is left in {selected}.")


def progress() -> Steps:
    """Progress goes to standard error: what a command is asked for goes to standard output."""
    return Steps(Console(stderr=True))
