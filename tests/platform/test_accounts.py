"""One deployment, reached as a cloudstage and as an AWS account: every command behaves alike."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from checkout import Checkout

STAGE = ("--stage", "int")
Dst = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def integration(new_checkout: Callable[[], Checkout]) -> Checkout:
    """A checkout whose stage int, which is protected, is deployed to a cloudstage."""
    checkout = new_checkout()
    checkout.dst("up", *STAGE)
    checkout.dst("apply", *STAGE, "--cloudstage")
    return checkout


@pytest.fixture(params=["cloudstage", "aws"])
def dst(request: pytest.FixtureRequest, integration: Checkout) -> Dst:
    """Runs a command on the stage int: on its cloudstage, or on the account of the environment's credentials."""

    def run(command: str, *arguments: str, exit_code: int = 0) -> subprocess.CompletedProcess[str]:
        reached = ["--cloudstage"] if request.param == "cloudstage" else []
        variables = {} if reached else integration.exported(*STAGE)
        done: subprocess.CompletedProcess[str] = integration.dst(
            command, *arguments, *STAGE, *reached, exit_code=exit_code, variables=variables
        )
        return done

    return run


def facts(dst: Dst) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(dst("status", "--json").stdout)
    return found


def test_status_finds_what_is_deployed(dst: Dst) -> None:
    found = facts(dst)
    assert (found["stage"], found["account_id"]) == ("int", "222222222222")
    assert set(found["jobs"]) >= {"ingest_raw_data", "register_raw_data"}


def test_a_second_plan_is_empty(dst: Dst) -> None:
    assert "No changes" in dst("plan").stdout


def test_a_job_runs_and_its_table_is_queried(dst: Dst) -> None:
    assert json.loads(dst("run", "ingest_raw_data", "--json").stdout)["state"] == "SUCCEEDED"
    answer = json.loads(dst("query", "SELECT count(*) AS n FROM observations", "--json").stdout)
    assert answer == [{"n": "0"}]


def test_a_protected_stage_is_not_destroyed(dst: Dst) -> None:
    before = facts(dst)
    assert "protect_data" in dst("destroy", exit_code=8).stderr
    assert facts(dst) == before


def test_a_plan_that_would_replace_a_bucket_is_refused(dst: Dst, integration: Checkout) -> None:
    before = facts(dst)
    file = integration.directory / "terraform/modules/data_lake/main.tf"
    original = file.read_text()
    file.write_text(original.replace('"${var.name}-${each.key}-', '"${var.name}-new-${each.key}-'))
    try:
        said = dst("apply", exit_code=8).stderr
    finally:
        file.write_text(original)
    assert 'module.data_lake.module.zone["curated"].aws_s3_bucket.this' in said
    assert facts(dst) == before


def test_another_account_is_refused_before_anything_is_read(integration: Checkout) -> None:
    said = integration.dst(
        "status", "--stage", "prd", exit_code=4, variables=integration.exported(*STAGE)
    ).stderr
    assert "222222222222" in said
    assert "333333333333" in said


def test_a_stage_whose_cloudstage_does_not_run_says_how_to_start_it(integration: Checkout) -> None:
    said = integration.dst("status", "--stage", "prd", "--cloudstage", exit_code=4).stderr
    assert "dst up --stage prd" in said


def test_reading_writes_nothing(new_checkout: Callable[[], Checkout]) -> None:
    empty = new_checkout()
    empty.dst("up")
    for command in (
        ["status"],
        ["run", "ingest_raw_data"],
        ["query", "SELECT 1"],
        ["logs", "ingest_raw_data"],
    ):
        assert "dst apply" in empty.dst(*command, exit_code=4).stderr
    assert empty.client("s3").list_buckets()["Buckets"] == []


BYPASSING = """
from ops.cli.options import deployment
stack = deployment("int", played=True).stack
stack.apply(stack.plan(print, "-destroy"), print)
"""


def test_where_terraform_destroys_all_the_same_the_lake_stays_readable(integration: Checkout) -> None:
    """A bucket that holds something can't be removed, and key and database are removed only after the buckets."""
    found = json.loads(integration.dst("status", *STAGE, "--cloudstage", "--json").stdout)
    clients = {service: integration.client(service, *STAGE) for service in ("s3", "kms", "glue")}
    clients["s3"].put_object(Bucket=found["buckets"]["curated"], Key="observations/data", Body=b"precious")

    done = subprocess.run(
        [sys.executable, "-c", BYPASSING],
        cwd=integration.directory,
        capture_output=True,
        text=True,
        check=False,
    )

    assert "BucketNotEmpty" in done.stderr
    kept = clients["s3"].get_object(Bucket=found["buckets"]["curated"], Key="observations/data")
    assert kept["Body"].read() == b"precious"
    assert clients["kms"].describe_key(KeyId=kept["SSEKMSKeyId"])["KeyMetadata"]["KeyState"] == "Enabled"
    assert clients["glue"].get_database(Name=found["database"])
