"""The `dst` command. Each module here is one group of its commands; the work itself is done elsewhere."""

import signal
import sys

import typer

from cloudstage import CloudstageError
from dst.errors import DstError
from ops.cli import checks, cloudstages, configuration, infrastructure, jobs, main_job, queries, state
from ops.errors import OpsError

app = typer.Typer(
    name="dst",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help=(
        "The data platform on this machine: the same Terraform and jobs as on AWS, without an account.\n\n"
        "Begin with [bold]dst demo[/bold]; then [bold]dst up[/bold], [bold]dst apply[/bold], "
        "[bold]dst run ingest_raw_data[/bold], [bold]dst query 'SELECT …'[/bold]."
    ),
    epilog=(
        "Exit codes: 0 done, 1 unexpected, 2 wrong configuration or argument, 3 a tool is missing, "
        "4 the account or what is deployed there, 5 Terraform, 6 a job failed, 7 a query failed, "
        "8 protected data, 130 interrupted."
    ),
)
for group in (main_job, cloudstages, infrastructure, state, jobs, queries, configuration, checks):
    group.register(app)


def main() -> None:
    """Run the command line; a user's mistake ends in one sentence and the exit code of its family."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    try:
        app()
    except (OpsError, DstError, CloudstageError) as error:
        print(f"dst: {error}", file=sys.stderr)
        sys.exit(error.exit_code)


def _interrupt(number: int, frame: object) -> None:
    """Clean up on a termination as on Ctrl-C, and say so: Terraform may need some seconds."""
    print("dst: stopping what was started …", file=sys.stderr)
    raise KeyboardInterrupt
