"""`dst query`: SQL over the lake."""

import csv
import json
import sys
from typing import Annotated

import typer
from rich.console import Console

from ops import athena
from ops.cli.options import LOCAL, AsJson, Played, Stage, Workspace, deployment
from ops.rendering import as_table
from ops.workspaces import DEFAULT


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(rich_help_panel="Data")(query)


def query(  # noqa: PLR0913, PLR0917 (as many as there are options)
    sql: Annotated[str, typer.Argument(metavar="SQL", help="One statement in Athena's dialect.")],
    stage: Stage = LOCAL,
    workspace: Workspace = DEFAULT,
    played: Played = False,
    as_json: AsJson = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
) -> None:
    """Query the deployment's tables with SQL, through the Athena API; exits 7 if it fails."""
    result = athena.query(deployment(stage, workspace, played=played), sql)
    if as_json:
        typer.echo(json.dumps([dict(zip(result.columns, row, strict=True)) for row in result.rows], indent=2))
    elif as_csv:
        writer = csv.writer(sys.stdout)
        writer.writerows([result.columns, *result.rows])
    else:
        Console().print(as_table(result))
