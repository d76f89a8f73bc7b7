"""`dst package`, `plan`, `apply`, `destroy`: Terraform for one deployment."""

import contextlib
from collections.abc import Iterator

import typer

from ops import package as packages
from ops.cli.options import DEFAULT_LOCAL, Local, Workspace, deployment
from ops.deployment import Deployment
from ops.project import ROOT
from ops.terraform import state
from ops.workspaces import DEFAULT


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    for command in (package, plan, apply, destroy):
        app.command(rich_help_panel="Infrastructure")(command)


def package() -> None:
    """Build the packages of the jobs into build/; plan and apply do it by themselves."""
    for path in packages.build():
        typer.echo(f"{path.relative_to(ROOT)}  {path.stat().st_size:,} bytes")


def plan(local: Local = DEFAULT_LOCAL, workspace: Workspace = DEFAULT) -> None:
    """Show what apply would change."""
    with changing(deployment(local, workspace)) as selected:
        selected.stack.initialise()
        typer.echo(selected.stack.show(selected.stack.plan(lambda _: None)))


def apply(local: Local = DEFAULT_LOCAL, workspace: Workspace = DEFAULT) -> None:
    """Deploy this checkout: package the jobs, plan, and apply that very plan."""
    with changing(deployment(local, workspace)) as selected:
        selected.stack.initialise()
        saved = selected.stack.plan(lambda _: None)
        if saved.empty:
            typer.echo("Nothing to change: what is deployed is what this checkout says.")
        else:
            typer.echo(f"Applying: {saved.add} to add, {saved.change} to change, {saved.destroy} to destroy.")
        # Also an empty plan is applied: outputs may have changed.
        selected.stack.apply(saved, typer.echo)
    typer.echo("Deployed. See what is there: dst status    Start a job: dst run ingest_raw_data")


def destroy(local: Local = DEFAULT_LOCAL, workspace: Workspace = DEFAULT) -> None:
    """Remove everything this workspace deployed, with its data."""
    with changing(deployment(local, workspace)) as selected:
        selected.stack.initialise()
        saved = selected.stack.plan(lambda _: None, "-destroy")
        selected.stack.apply(saved, typer.echo)
        selected.stack.forget_workspace()
    typer.echo(f"Removed: workspace {workspace!r} holds {saved.destroy} resources less, and nothing is left.")


@contextlib.contextmanager
def changing(selected: Deployment) -> Iterator[Deployment]:
    """A deployment with current packages that no other `dst` command changes meanwhile."""
    packages.build()
    selected.ensure_state_bucket()

    def wait() -> None:
        typer.echo("Another dst command changes this workspace; waiting for it.", err=True)

    with state.exclusive(
        selected.client("s3"), selected.state_settings, selected.workspace, selected.stack.scratch, wait
    ):
        yield selected
