"""`dst query`: SQL over the lake."""

import csv
import json
import sys
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from ops import athena
from ops.cli.options import DEFAULT_LOCAL, AsJson, Local, Workspace, deployment
from ops.workspaces import DEFAULT

_NUMERIC = ("tinyint", "smallint", "integer", "bigint", "float", "double", "decimal")


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(rich_help_panel="Data")(query)


def query(
    sql: Annotated[str, typer.Argument(metavar="SQL", help="One statement in Athena's dialect.")],
    local: Local = DEFAULT_LOCAL,
    workspace: Workspace = DEFAULT,
    as_json: AsJson = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
) -> None:
    """Query the deployment's tables with SQL, through the Athena API; exits 7 if it fails."""
    selected = deployment(local, workspace)
    outputs = selected.outputs()
    result = athena.run(selected.client("athena"), sql, outputs["database"], outputs["workgroup"])
    if as_json:
        typer.echo(json.dumps([dict(zip(result.columns, row, strict=True)) for row in result.rows], indent=2))
    elif as_csv:
        writer = csv.writer(sys.stdout)
        writer.writerows([result.columns, *result.rows])
    else:
        Console().print(as_table(result))


def as_table(result: athena.Result) -> Table:
    """A result for a person to read, numbers to the right."""
    table = Table(box=box.SIMPLE_HEAD, caption=f"{len(result.rows)} rows", caption_justify="left")
    for name, kind in zip(result.columns, result.types, strict=True):
        table.add_column(name, justify="right" if kind in _NUMERIC else "left", overflow="fold")
    for row in result.rows:
        table.add_row(*("" if cell is None else cell for cell in row))
    return table
