"""The package works where nothing else is: built, installed from its lock, used outside the repository."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cloudstage.runtimes.uv import run_uv

PACKAGE = Path(__file__).parents[2]
USE = """
import boto3, time
s3, athena = boto3.client("s3"), boto3.client("athena")
s3.create_bucket(Bucket="results")
output = {"OutputLocation": "s3://results/"}
query = athena.start_query_execution(QueryString="SELECT upper('it runs')", ResultConfiguration=output)
identifier = query["QueryExecutionId"]
while (status := athena.get_query_execution(QueryExecutionId=identifier)["QueryExecution"]["Status"])["State"] in (
    "QUEUED", "RUNNING"
):
    time.sleep(0.05)
print(athena.get_query_results(QueryExecutionId=identifier)["ResultSet"]["Rows"][1]["Data"][0]["VarCharValue"])
"""


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python environment with the built package, and what its lock says."""
    scratch = tmp_path_factory.mktemp("alone")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(scratch)]
    subprocess.run(build, cwd=PACKAGE, check=True, capture_output=True)
    (wheel,) = scratch.glob("*.whl")
    python = scratch / "venv/bin/python"
    run_uv("venv", "--quiet", "--python", sys.executable, scratch / "venv")
    run_uv(
        "pip",
        "install",
        "--quiet",
        "--python",
        python,
        "--require-hashes",
        "-r",
        PACKAGE / "requirements.txt",
    )
    run_uv("pip", "install", "--quiet", "--python", python, "--no-deps", wheel)
    return scratch / "venv"


def test_it_runs_a_query_outside_the_repository(environment: Path, tmp_path: Path) -> None:
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    path = f"{environment / 'bin'}:{os.defpath}"
    script = f"""
        set -e
        cloudstage up
        trap 'cloudstage down --delete-data' EXIT
        eval "$(cloudstage env)"
        python - <<'PYTHON'\n{USE}PYTHON
    """

    done = subprocess.run(
        ["sh", "-c", script],
        cwd=tmp_path,
        env=variables | {"PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert "IT RUNS" in done.stdout
