"""`dst up`, `down`, `status`, `env`: the local stage's life."""

import json
import os
import shlex
from typing import Annotated, Any

import typer

from cloudstage import conflicting
from ops import status
from ops.cli.options import DEFAULT_LOCAL, LOCAL_STAGES, AsJson, Local, Workspace, deployment, local_stage
from ops.workspaces import DEFAULT


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    for command in (up, down):
        app.command(rich_help_panel="Local stage")(command)
    app.command("status", rich_help_panel="Local stage")(show_status)
    app.command("env", rich_help_panel="Local stage")(show_environment)


def up(local: Local = DEFAULT_LOCAL) -> None:
    """Start the local stage, with what was in it when it last stopped."""
    running = local_stage(local).up()
    typer.echo(f"The local stage {local!r} is up at {running.endpoint}.")
    typer.echo(
        'Deploy to it: dst apply    Point any AWS client at it: eval "$(dst env)"    Stop it: dst down'
    )


def down(
    local: Local = DEFAULT_LOCAL,
    every: Annotated[bool, typer.Option("--all", help="All local stages of this checkout.")] = False,
    delete_data: Annotated[
        bool, typer.Option("--delete-data", help="Also remove everything that is in it.")
    ] = False,
) -> None:
    """Stop the local stage; what is in it stays for the next start."""
    known = sorted(path.name for path in LOCAL_STAGES.glob("*") if path.is_dir())
    for name in known if every else [local]:
        stage = local_stage(name)
        if delete_data:
            stage.delete()
            typer.echo(f"The local stage {name!r} is stopped and removed.")
        else:
            stage.down()
            typer.echo(f"The local stage {name!r} is stopped; dst up starts it again with what is in it.")


def show_status(
    local: Local = DEFAULT_LOCAL, workspace: Workspace = DEFAULT, as_json: AsJson = False
) -> None:
    """Show what is deployed, and where."""
    facts = status.collect(deployment(local, workspace))
    if as_json:
        typer.echo(json.dumps(facts, indent=2))
    else:
        _print(facts)


def show_environment(local: Local = DEFAULT_LOCAL) -> None:
    """Print shell commands that point any AWS client at the local stage: eval "$(dst env)"."""
    selected = deployment(local)
    environment = selected.environment()
    settings = selected.running.environment()
    for name in conflicting(os.environ):
        typer.echo(f"unset {name}")
    for name in (*settings, "NO_PROXY", "no_proxy"):
        typer.echo(f"export {name}={shlex.quote(environment[name])}")


def _print(facts: dict[str, Any]) -> None:
    for name, value in facts.items():
        if isinstance(value, dict):
            typer.echo(f"{name}:")
            for key, entry in value.items():
                typer.echo(f"  {key:<24} {entry}")
        elif isinstance(value, list):
            typer.echo(f"{name}: {', '.join(map(str, value)) or '(none)'}")
        else:
            typer.echo(f"{name:<10} {value}")
