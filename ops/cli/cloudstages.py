"""`dst up`, `down`, `env`: the cloudstages that play the accounts of stages."""

import os
import shlex
from typing import Annotated

import typer

from cloudstage import conflicting
from ops.cli.options import CLOUDSTAGES, LOCAL, Stage, cloudstage_account, cloudstage_of


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    for command in (up, down):
        app.command(rich_help_panel="Cloudstage")(command)
    app.command("env", rich_help_panel="Cloudstage")(show_environment)


def up(stage: Stage = LOCAL) -> None:
    """Start the cloudstage that plays a stage's account, with what was in it when it last stopped."""
    running = cloudstage_of(stage).up()
    typer.echo(f"The cloudstage {stage!r} is up at {running.endpoint}.")
    selected = "" if stage == LOCAL else f" --stage {stage}"
    option = selected and f"{selected} --cloudstage"
    typer.echo(
        f"Deploy to it: dst apply{option}    "
        f'Point any AWS client at it: eval "$(dst env{selected})"    Stop it: dst down{selected}'
    )


def down(
    stage: Stage = LOCAL,
    every: Annotated[bool, typer.Option("--all", help="All cloudstages of this checkout.")] = False,
    delete_data: Annotated[
        bool, typer.Option("--delete-data", help="Also remove everything that is in it.")
    ] = False,
) -> None:
    """Stop the cloudstage; what is in it stays for the next start."""
    known = sorted(path.name for path in CLOUDSTAGES.glob("*") if path.is_dir())
    for name in known if every else [stage]:
        cloudstage = cloudstage_of(name)
        if delete_data:
            cloudstage.delete()
            typer.echo(f"The cloudstage {name!r} is stopped and removed.")
        else:
            cloudstage.down()
            option = "" if name == LOCAL else f" --stage {name}"
            typer.echo(
                f"The cloudstage {name!r} is stopped; dst up{option} starts it again with what is in it."
            )


def show_environment(stage: Stage = LOCAL) -> None:
    """Print shell commands that point any AWS client at the cloudstage: eval "$(dst env)"."""
    account = cloudstage_account(stage)
    environment = account.environment()
    for name in conflicting(os.environ):
        typer.echo(f"unset {name}")
    for name in (*account.running.environment(), "NO_PROXY", "no_proxy"):
        typer.echo(f"export {name}={shlex.quote(environment[name])}")
