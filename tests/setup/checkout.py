"""A copy of this checkout and its `dst`, used as a person would: by commands and by AWS's interfaces."""

from __future__ import annotations

import functools
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import boto3

from ops import athena
from ops.project import ROOT


class Checkout:
    """One copied checkout; its cloudstages live and end with it."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("DST_")}
        self.environment["CLOUDSTAGE_LOG_LEVEL"] = "DEBUG"  # what the jobs' roles are allowed is tested

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "ops.cli", *arguments]

    def dst(
        self, *arguments: str, exit_code: int = 0, variables: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            self.command(*arguments),
            cwd=self.directory,
            env=self.environment | dict(variables or {}),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        said = f"dst {' '.join(arguments)} exited {done.returncode}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
        assert done.returncode == exit_code, said
        # A job's own traceback is part of its log; one of the command itself would pass through typer.
        assert "typer" not in done.stderr, said
        return done

    def status(self, *options: str) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self.dst("status", "--json", *options).stdout)
        return answer

    def run(self, job: str, *arguments: str) -> dict[str, Any]:
        """Start a deployed Glue job and return its outcome with the summary."""
        outcome: dict[str, Any] = json.loads(self.dst("run", job, *arguments, "--json").stdout)
        return outcome

    @functools.cache  # noqa: B019 (a checkout lives as long as the tests; its stage keeps its port)
    def client(self, service: str, *options: str) -> Any:
        """A boto3 client of a cloudstage, set up by nothing but `dst env`."""
        exported = self.exported(*options)
        return boto3.client(
            service,
            endpoint_url=exported["AWS_ENDPOINT_URL"],
            region_name=exported["AWS_REGION"],
            aws_access_key_id=exported["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=exported["AWS_SECRET_ACCESS_KEY"],
        )

    def query(self, sql: str) -> list[list[str | None]]:
        """The rows of a query in the default workspace, through the Athena API."""
        database, workgroup = self._where_to_query()
        return athena.run(self.client("athena"), sql, database, workgroup).rows

    @functools.cache  # noqa: B019
    def exported(self, *options: str) -> dict[str, str]:
        """What `dst env` exports."""
        lines = self.dst("env", *options).stdout.splitlines()
        pairs = [line.removeprefix("export ").partition("=") for line in lines if line.startswith("export ")]
        return {name: value for name, _, value in pairs}

    @functools.cache  # noqa: B019
    def _where_to_query(self) -> tuple[str, str]:
        facts = self.status()
        return facts["database"], facts["workgroup"]


def copy_of_this(directory: Path) -> Checkout:
    """Copy what git would commit; the installed environments are shared, everything else is the copy's own."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        source, target = ROOT / name, directory / name
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    (directory / ".venv").symlink_to(ROOT / ".venv")
    return Checkout(directory)
