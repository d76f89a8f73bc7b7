"""The ``cloudstage`` command."""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import shlex
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from cloudstage import configuration
from cloudstage.configuration import Configuration
from cloudstage.environment import conflicting
from cloudstage.errors import CloudstageError, ServerError
from cloudstage.launch import LOG
from cloudstage.lifecycle import Cloudstage, Running

DESCRIPTION = "AWS on this machine, where what you deploy really runs."
EPILOG = """\
Every option can also be set by a variable (CLOUDSTAGE_REGION, CLOUDSTAGE_DIRECTORY and so on) or in the file
cloudstage.toml of the current directory.

Exit codes: 0 done, 1 unexpected, 2 wrong option or configuration, 3 a tool is missing, 4 the cloudstage is
not running or can't start, stop or keep its contents, 130 interrupted.
"""
FOLLOW_SECONDS = 0.2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    chosen = _parser().parse_args(arguments)
    names = ("directory", *(field.name for field in dataclasses.fields(Configuration)))
    options = {name: getattr(chosen, name) for name in names}
    try:
        directory, values = configuration.load(options, os.environ, Path.cwd())
        return chosen.run(Cloudstage(directory, values), chosen) or 0
    except CloudstageError as error:
        print(f"cloudstage: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return 130


def up(cloudstage: Cloudstage, _: argparse.Namespace) -> None:
    """Start it, with what was in it when it last stopped."""
    running = cloudstage.up()
    print(f"Cloudstage is up at {running.endpoint} (account {running.account_id}, {running.region}).")
    if running.moto_api:
        print(f"moto's dashboard, with its password: {running.moto_api_url()}")
    print('Point any AWS client at it: eval "$(cloudstage env)"    Stop it: cloudstage down')


def down(cloudstage: Cloudstage, chosen: argparse.Namespace) -> None:
    """Stop it; what is in it stays for the next start."""
    if chosen.delete_data:
        cloudstage.delete()
        print("Cloudstage is stopped, and everything in it is removed.")
    else:
        cloudstage.down()
        print("Cloudstage is stopped; cloudstage up starts it again with what is in it.")


def status(cloudstage: Cloudstage, chosen: argparse.Namespace) -> None:
    """Say where it runs."""
    running = _running(cloudstage)
    facts = {
        name: str(value) if isinstance(value, Path) else value
        for name, value in dataclasses.asdict(running).items()
    }
    if chosen.json:
        print(json.dumps(facts, indent=2))
    else:
        for name, value in facts.items():
            print(f"{name:<12} {value}")


def env(cloudstage: Cloudstage, _: argparse.Namespace) -> None:
    """Print shell commands that point any AWS client at it."""
    running = _running(cloudstage)
    client = running.environment()
    environment = running.process_environment(os.environ)
    for name in conflicting(os.environ):
        print(f"unset {name}")
    for name in (*client, "NO_PROXY", "no_proxy"):
        print(f"export {name}={shlex.quote(environment[name])}")


def doctor(cloudstage: Cloudstage, _: argparse.Namespace) -> int:
    """Say what this machine lacks, and how to get it."""
    from cloudstage.doctor import examine

    findings = examine(cloudstage.configuration)
    for finding in findings:
        remedy = f"  ({finding.remedy})" if finding.remedy else ""
        print(f"{finding.level:<9} {finding.name}: {finding.detail}{remedy}")
    return 3 if any(finding.level == "missing" for finding in findings) else 0


def logs(cloudstage: Cloudstage, chosen: argparse.Namespace) -> None:
    """Print the server's log."""
    path = cloudstage.directory / LOG
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            while True:
                print(file.read(), end="", flush=True)
                if not chosen.follow:
                    return
                time.sleep(FOLLOW_SECONDS)
    except FileNotFoundError:
        raise ServerError(f"There is no {path}: no cloudstage was ever started there") from None


def _running(cloudstage: Cloudstage) -> Running:
    running = cloudstage.running()
    if running is None:
        raise ServerError(f"No cloudstage runs in {cloudstage.directory}; start it: cloudstage up")
    return running


def _parser() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--directory", metavar="DIR", help="where its contents are kept (.cloudstage)")
    shared.add_argument("--region", help="the region of clients that name none (us-east-1)")
    shared.add_argument("--account-id", help="the AWS account it stands in for (123456789012)")
    shared.add_argument("--glue-version", help="the AWS Glue that runs its jobs (5.1)")
    shared.add_argument(
        "--enforce-roles",
        action=argparse.BooleanOptionalAction,
        help="let deployed code do only what its role's policies allow (yes)",
    )
    shared.add_argument(
        "--moto-api",
        action=argparse.BooleanOptionalAction,
        help="open moto's dashboard and its calls that reset everything, behind a password (closed)",
    )
    parser = argparse.ArgumentParser(
        "cloudstage",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    made = {}
    for command in (up, down, status, env, doctor, logs):
        summary = (command.__doc__ or "").strip()
        made[command] = commands.add_parser(
            command.__name__, parents=[shared], help=summary, description=summary
        )
        made[command].set_defaults(run=command)
    made[down].add_argument("--delete-data", action="store_true", help="also remove everything in it")
    made[status].add_argument("--json", action="store_true", help="print JSON, for scripts")
    made[logs].add_argument("--follow", "-f", action="store_true", help="go on until interrupted")
    return parser
