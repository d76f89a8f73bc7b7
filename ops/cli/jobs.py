"""`dst run`, `logs`: the deployed jobs."""

import json
from typing import Annotated, Any

import typer

from ops.cli.options import DEFAULT_LOCAL, AsJson, Local, Workspace, deployment
from ops.deployment import Deployment
from ops.errors import ConfigurationError, JobFailedError
from ops.jobs import glue_run, lambda_call
from ops.jobs.log_tail import LOG_FIELDS, LogTail, message_in
from ops.workspaces import DEFAULT

JobName = Annotated[str, typer.Argument(metavar="JOB", help="The job's directory under etl/.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    for command in (run, logs):
        app.command(rich_help_panel="Jobs")(command)


def run(
    job: JobName,
    arguments: Annotated[
        list[str] | None, typer.Argument(metavar="[KEY=VALUE]…", help="Arguments for this run.")
    ] = None,
    local: Local = DEFAULT_LOCAL,
    workspace: Workspace = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Start the deployed job, follow it, print its summary; exits 6 if it does not succeed."""
    given = _pairs(arguments or [])
    selected = deployment(local, workspace)
    outputs = selected.outputs()
    name = _deployed(outputs, job)
    if outputs["job_kinds"][job] == "lambda":
        answer = lambda_call.invoke(
            selected.client("lambda"), name, given, lambda line: typer.echo(line, err=True)
        )
        typer.echo(json.dumps(answer, indent=2))
        return
    outcome = _run_glue(selected, outputs, job, given)
    if as_json:
        typer.echo(json.dumps(vars(outcome), indent=2))
    else:
        for key, value in outcome.summary.items():
            if key not in LOG_FIELDS:
                typer.echo(f"{key:<24} {value if isinstance(value, str) else json.dumps(value)}")
    if outcome.state != "SUCCEEDED":
        raise JobFailedError(
            f"{name} ended {outcome.state} after {outcome.seconds} s (run {outcome.run_id})"
            + (f": {outcome.error}" if outcome.error else "")
            + f"\nIts log: dst logs {job} --run {outcome.run_id}"
        )


def logs(
    job: JobName,
    run_id: Annotated[
        str, typer.Option("--run", metavar="ID", help="Which run; the latest if not given.")
    ] = "",
    everything: Annotated[bool, typer.Option("--all", help="Also what Spark itself logs.")] = False,
    local: Local = DEFAULT_LOCAL,
    workspace: Workspace = DEFAULT,
) -> None:
    """Print the log of a job's run."""
    selected = deployment(local, workspace)
    outputs = selected.outputs()
    name = _deployed(outputs, job)
    groups = outputs["log_groups"][job]
    if outputs["job_kinds"][job] == "glue":
        run_id = run_id or _latest_run(selected, name)
        groups = groups if everything else [group for group in groups if group.endswith("/output")]
    for line in LogTail(selected.client("logs"), groups, run_id).new_lines():
        typer.echo(line)


def _run_glue(
    selected: Deployment, outputs: dict[str, Any], job: str, given: dict[str, str]
) -> glue_run.Outcome:
    glue = selected.client("glue")
    name = outputs["jobs"][job]
    run_id = glue_run.start(glue, name, given)
    typer.echo(f"Started {name}, run {run_id}", err=True)
    groups = [group for group in outputs["log_groups"][job] if group.endswith("/output")]
    tail = LogTail(selected.client("logs"), groups, run_id)
    return glue_run.follow(glue, tail, name, run_id, lambda line: typer.echo(message_in(line), err=True))


def _latest_run(selected: Deployment, name: str) -> str:
    runs = selected.client("glue").get_job_runs(JobName=name, MaxResults=1)["JobRuns"]
    if not runs:
        raise ConfigurationError(f"{name} has not run yet; start it: dst run")
    return str(runs[0]["Id"])


def _deployed(outputs: dict[str, Any], job: str) -> str:
    if job not in outputs["jobs"]:
        known = ", ".join(sorted(outputs["jobs"])) or "none"
        raise ConfigurationError(
            f"no job {job!r} is deployed; deployed: {known}. A new directory under etl/ needs: dst apply"
        )
    return str(outputs["jobs"][job])


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
