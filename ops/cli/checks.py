"""`dst doctor`, `test`: is the machine fit, is the checkout?"""

import json
import subprocess
import sys
from typing import Annotated

import typer

from ops import doctor as examination
from ops.cli.options import AsJson
from ops.errors import ConfigurationError, ToolMissingError
from ops.project import ROOT

_MARKS = {"ok": "ok      ", "optional": "optional", "missing": "MISSING "}


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command(rich_help_panel="Project")(doctor)
    app.command("test", rich_help_panel="Project")(run_tests)


def doctor(as_json: AsJson = False) -> None:
    """Say what is missing on this machine, and how to get it; exits 3 if something is."""
    findings = examination.examine()
    if as_json:
        typer.echo(json.dumps([vars(finding) for finding in findings], indent=2))
    else:
        for finding in findings:
            typer.echo(f"{_MARKS[finding.level]}  {finding.name:<16} {finding.detail}")
            if finding.remedy:
                typer.echo(f"{'':<28}{finding.remedy}")
    missing = [finding.name for finding in findings if finding.level == "missing"]
    if missing:
        raise ToolMissingError(f"missing: {', '.join(missing)}")


def run_tests(
    suites: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SUITE]…", help="Folders of tests/, such as unit or platform; all if none."),
    ] = None,
) -> None:
    """Run the tests; JUnit and coverage go to test-results/."""
    known = sorted(path.name for path in (ROOT / "tests").iterdir() if any(path.rglob("test_*.py")))
    for suite in suites or []:
        if not (ROOT / "tests" / suite).is_dir():
            raise ConfigurationError(f"no tests/{suite}; there are: {', '.join(known)}")
    results = ROOT / "test-results"
    reports = [
        f"--junitxml={results}/junit.xml",
        "--cov",
        f"--cov-report=xml:{results}/coverage.xml",
        "--cov-report=term:skip-covered",
    ]
    places = [str(ROOT / "tests" / suite) for suite in suites or [""]]
    # A worker a core; the tests of a file stay together, because they share what they set up.
    workers = ["--numprocesses=auto", "--dist=loadfile"]
    command = [sys.executable, "-m", "pytest", *workers, *reports, *places]
    sys.exit(subprocess.run(command, cwd=ROOT, check=False).returncode)
