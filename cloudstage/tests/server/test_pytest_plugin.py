"""The fixture that tests of other projects use."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

TESTS = """
import boto3
import pytest

@pytest.mark.parametrize("number", [1, 2])
def test_clients_reach_it(cloudstage, number):
    s3 = boto3.client("s3")
    assert len(s3.list_buckets()["Buckets"]) == number - 1
    s3.create_bucket(Bucket=f"bucket-{number}", CreateBucketConfiguration={"LocationConstraint": "eu-west-3"})
    assert cloudstage.account_id == "210987654321"
"""


def test_a_projects_tests_share_one_that_ends_with_them(tmp_path: Path) -> None:
    (tmp_path / "test_project.py").write_text(TESTS)
    (tmp_path / "cloudstage.toml").write_text('region = "eu-west-3"\naccount_id = "210987654321"\n')
    base = tmp_path / "base"
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "--rootdir",
        str(tmp_path),
        f"--basetemp={base}",
        str(tmp_path),
    ]

    done = subprocess.run(
        command,
        cwd=tmp_path,
        env=os.environ | {"AWS_PROFILE": "real"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert "2 passed" in done.stdout, done.stdout
    left = subprocess.run(
        ["ps", "-A", "-ww", "-o", "args="], capture_output=True, text=True, check=True
    ).stdout
    assert str(base) not in left
