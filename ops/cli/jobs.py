"""`dst run`, `logs`: the deployed jobs."""

import json
from typing import Annotated

import typer

from ops.cli.options import LOCAL, AsJson, Played, Stage, Workspace, deployment
from ops.errors import ConfigurationError
from ops.jobs import deployed, glue_run, lambda_call
from ops.jobs.log_tail import LOG_FIELDS, LogTail
from ops.workspaces import DEFAULT

JobName = Annotated[str, typer.Argument(metavar="JOB", help="The job's directory under etl/.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    for command in (run, logs):
        app.command(rich_help_panel="Jobs")(command)


def run(  # noqa: PLR0913, PLR0917 (as many as there are options)
    job: JobName,
    arguments: Annotated[
        list[str] | None, typer.Argument(metavar="[KEY=VALUE]…", help="Arguments for this run.")
    ] = None,
    stage: Stage = LOCAL,
    workspace: Workspace = DEFAULT,
    played: Played = False,
    as_json: AsJson = False,
) -> None:
    """Start the deployed job, follow it, print its summary; exits 6 if it does not succeed."""
    given = _pairs(arguments or [])
    selected = deployment(stage, workspace, played=played)
    found = deployed.find(selected.outputs(), job)
    if found.kind == "lambda":
        typer.echo(
            json.dumps(lambda_call.invoke(selected.client("lambda"), found.name, given, _aside), indent=2)
        )
        return
    outcome = glue_run.run(selected, found, given, _aside)
    if as_json:
        typer.echo(json.dumps(vars(outcome), indent=2))
    else:
        for key, value in outcome.summary.items():
            if key not in LOG_FIELDS:
                typer.echo(f"{key:<24} {value if isinstance(value, str) else json.dumps(value)}")
    glue_run.check(outcome, found, selected.options)


def logs(  # noqa: PLR0913, PLR0917 (as many as there are options)
    job: JobName,
    run_id: Annotated[
        str, typer.Option("--run", metavar="ID", help="Which run; the latest if not given.")
    ] = "",
    everything: Annotated[bool, typer.Option("--all", help="Also what Spark itself logs.")] = False,
    stage: Stage = LOCAL,
    workspace: Workspace = DEFAULT,
    played: Played = False,
) -> None:
    """Print the log of a job's run."""
    selected = deployment(stage, workspace, played=played)
    found = deployed.find(selected.outputs(), job)
    if found.kind == "glue":
        run_id = run_id or glue_run.latest(selected.client("glue"), found)
    groups = found.log_groups if everything else found.own_log_groups
    for line in LogTail(selected.client("logs"), groups, run_id).new_lines():
        typer.echo(line)


def _aside(line: str) -> None:
    typer.echo(line, err=True)


def _pairs(arguments: list[str]) -> dict[str, str]:
    pairs = {}
    for argument in arguments:
        key, equals, value = argument.removeprefix("--").partition("=")
        if not equals or not key:
            raise ConfigurationError(
                f"argument {argument!r} is not KEY=VALUE, such as source_data_uri=s3://bucket/prefix/"
            )
        pairs[key] = value
    return pairs
