"""`dst status`: what is deployed, and where."""

import json
from typing import Any

import typer

from ops import status
from ops.cli.options import LOCAL, AsJson, Played, Stage, Workspace, deployment
from ops.workspaces import DEFAULT


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("status", rich_help_panel="Infrastructure")(show_status)


def show_status(
    stage: Stage = LOCAL, workspace: Workspace = DEFAULT, played: Played = False, as_json: AsJson = False
) -> None:
    """Show what is deployed, and where."""
    facts = status.collect(deployment(stage, workspace, played=played))
    if as_json:
        typer.echo(json.dumps(facts, indent=2))
    else:
        _print(facts)


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
