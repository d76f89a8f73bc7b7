"""A killed run's state lock is released by the next run; another's never is."""

import datetime
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from ops.terraform import state

SETTINGS = state.backend("states", "eu-central-1")


@pytest.fixture
def s3() -> Iterator[Any]:
    with mock_aws():
        client = boto3.client("s3", region_name="eu-central-1")
        state.ensure_bucket(client, "states", "eu-central-1")
        yield client


def lock(s3: Any, key: str, created: datetime.datetime) -> None:
    s3.put_object(Bucket="states", Key=key, Body=json.dumps({"ID": "1", "Created": created.isoformat()}))


def keys(s3: Any) -> list[str]:
    return [entry["Key"] for entry in s3.list_objects_v2(Bucket="states").get("Contents", [])]


def never() -> None:
    pytest.fail("nobody else is at work")


def ago(**span: float) -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC) - datetime.timedelta(**span)


def killed(scratch: Path) -> None:
    scratch.mkdir(exist_ok=True)
    (scratch / "running").touch()


@pytest.mark.parametrize(
    ("workspace", "key"),
    [
        ("default", "infrastructure/terraform.tfstate.tflock"),
        ("we-1-x", "workspaces/we-1-x/infrastructure/terraform.tfstate.tflock"),
    ],
)
def test_the_lock_of_a_killed_run_is_released(s3: Any, tmp_path: Path, workspace: str, key: str) -> None:
    killed(tmp_path)
    lock(s3, key, datetime.datetime.now(datetime.UTC))
    with state.exclusive(s3, SETTINGS, workspace, tmp_path, never):
        assert keys(s3) == []


def test_a_lock_from_before_the_killed_run_is_somebody_elses(s3: Any, tmp_path: Path) -> None:
    lock(s3, "infrastructure/terraform.tfstate.tflock", ago(hours=1))
    killed(tmp_path)
    with state.exclusive(s3, SETTINGS, "default", tmp_path, never):
        assert len(keys(s3)) == 1


def test_without_a_killed_run_no_lock_is_touched(s3: Any, tmp_path: Path) -> None:
    lock(s3, "infrastructure/terraform.tfstate.tflock", datetime.datetime.now(datetime.UTC))
    with state.exclusive(s3, SETTINGS, "default", tmp_path, never):
        assert len(keys(s3)) == 1


def test_a_run_that_ends_leaves_no_note(s3: Any, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), state.exclusive(s3, SETTINGS, "default", tmp_path, never):
        raise RuntimeError
    assert not (tmp_path / "running").exists()


def test_the_second_of_two_waits_and_says_so(s3: Any, tmp_path: Path) -> None:
    waits, order = threading.Event(), []

    def second() -> None:
        with state.exclusive(s3, SETTINGS, "default", tmp_path, waits.set):
            order.append("second")

    other = threading.Thread(target=second)
    with state.exclusive(s3, SETTINGS, "default", tmp_path, never):
        other.start()
        assert waits.wait(10)
        order.append("first")
    other.join(10)
    assert order == ["first", "second"]


def test_the_bucket_is_versioned_encrypted_and_closed_also_the_second_time(s3: Any) -> None:
    state.ensure_bucket(s3, "states", "eu-central-1")
    assert s3.get_bucket_versioning(Bucket="states")["Status"] == "Enabled"
    assert all(s3.get_public_access_block(Bucket="states")["PublicAccessBlockConfiguration"].values())
    assert s3.get_bucket_encryption(Bucket="states")["ServerSideEncryptionConfiguration"]["Rules"]
