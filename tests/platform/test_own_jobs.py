"""What a user does: copy a job, add a source, and meet jobs that fail."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable

import pytest

from checkout import Checkout

SCRIPTS = {
    "raises": "raise ValueError('this went wrong')",
    "needs_declared": "import humanize\nprint('humanize', humanize.__version__)",
    "needs_undeclared": "import pydantic",
}


@pytest.fixture(scope="module")
def own(new_checkout: Callable[[], Checkout]) -> Checkout:
    checkout = new_checkout()
    etl = checkout.directory / "etl"
    shutil.copytree(
        etl / "ingest_raw_data", etl / "ingest_copy", ignore=shutil.ignore_patterns("__pycache__")
    )
    declaration = json.loads((etl / "ingest_copy/job.json").read_text())
    declaration["arguments"]["source_data_uri"] = "{raw}/copied/"
    declaration["reads"] = ["raw:copied/"]
    (etl / "ingest_copy/job.json").write_text(json.dumps(declaration))
    fourth = {
        "files": ["tides/*"],
        "layout": "long",
        "signal_name": "tide_height",
        "unit": "m",
        "columns": {"observed_at": "when", "value": "height"},
        "time_format": "%d.%m.%Y",
    }
    (etl / "ingest_copy/sources/tides.json").write_text(json.dumps(fourth))
    for job, script in SCRIPTS.items():
        (etl / job).mkdir()
        (etl / job / "main.py").write_text(script + "\n")
        declared = {"kind": "glue", "description": "A job of a test", "reads": [], "writes": []}
        modules = {"python_modules": ["humanize==4.9.0"]} if job == "needs_declared" else {}
        (etl / job / "job.json").write_text(json.dumps(declared | modules))
    checkout.dst("up")
    checkout.dst("apply")
    return checkout


def test_a_copied_job_with_a_source_of_its_own_runs(own: Checkout) -> None:
    raw = own.status()["buckets"]["raw"]
    own.client("s3").put_object(Bucket=raw, Key="copied/tides/a.csv", Body=b"when,height\n24.12.2023,1.25\n")
    outcome = own.run("ingest_copy")
    assert outcome["summary"]["rows_written"] == 1
    rows = own.query("SELECT signal_name, observed_at, value, unit FROM observations")
    assert rows == [["tide_height", "2023-12-24 00:00:00.000000", "1.25", "m"]]


def test_a_job_that_raises_fails_with_its_reason(own: Checkout) -> None:
    failed = own.dst("run", "raises", exit_code=6)
    assert "ValueError: this went wrong" in failed.stderr
    assert "dst logs raises" in failed.stderr
    assert "this went wrong" in own.dst("logs", "raises").stdout


def test_a_declared_package_is_there(own: Checkout) -> None:
    assert "humanize 4.9.0" in own.dst("run", "needs_declared").stderr


def test_an_undeclared_package_is_missing_as_on_glue(own: Checkout) -> None:
    assert "No module named 'pydantic'" in own.dst("run", "needs_undeclared", exit_code=6).stderr


def test_an_unknown_job_is_refused_with_the_known_ones(own: Checkout) -> None:
    refused = own.dst("run", "nothing_like_it", exit_code=2)
    assert "ingest_copy" in refused.stderr


def test_a_wrong_argument_is_refused_before_anything_is_read(own: Checkout) -> None:
    failed = own.dst("run", "ingest_copy", "source_data_uri=not-a-uri", exit_code=6)
    assert "source_data_uri" in failed.stderr
