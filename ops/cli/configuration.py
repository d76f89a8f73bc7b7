"""`dst config`: what project.json says, checked."""

import dataclasses
import json
from typing import Annotated, Any

import typer

from ops.cli.options import AsJson
from ops.project import load
from ops.workspaces import workspace_of


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(rich_help_panel="Project")(config)


def config(
    branch: Annotated[
        str, typer.Option("--branch", help="Print only the workspace that this git branch gets.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Check project.json and print it."""
    project = load()
    if branch:
        typer.echo(workspace_of(branch, project.ticket_prefixes))
        return
    facts = dataclasses.asdict(project)
    if as_json:
        typer.echo(json.dumps(facts, indent=2))
    else:
        _print(facts)


def _print(facts: dict[str, Any], indent: str = "") -> None:
    for name, value in facts.items():
        if isinstance(value, dict):
            typer.echo(f"{indent}{name}:")
            _print(value, indent + "  ")
        else:
            typer.echo(f"{indent}{name}: {value}")
