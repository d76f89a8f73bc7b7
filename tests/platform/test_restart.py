"""A cloudstage that stops, or is killed, comes back with what was in it."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable

import pytest

from checkout import Checkout


@pytest.fixture(scope="module")
def alone(new_checkout: Callable[[], Checkout]) -> Checkout:
    checkout = new_checkout()
    checkout.dst("up")
    checkout.dst("apply")
    return checkout


def test_everything_is_still_there_after_down_and_up(alone: Checkout) -> None:
    before = alone.status()
    alone.client("s3").put_object(Bucket=before["buckets"]["raw"], Key="kept", Body=b"content")
    alone.dst("down")
    assert "dst up" in alone.dst("status", exit_code=4).stderr
    alone.dst("up")
    assert alone.status() == before
    kept = alone.client("s3").get_object(Bucket=before["buckets"]["raw"], Key="kept")
    assert kept["Body"].read() == b"content"
    assert "No changes" in alone.dst("plan").stdout


def test_a_killed_stage_comes_back_as_it_was_deployed(alone: Checkout) -> None:
    before = alone.status()
    alone.dst("down")
    alone.dst("up")
    known = json.loads((alone.directory / ".dst/cloudstages/local/cloudstage.json").read_text())
    os.kill(known["pid"], signal.SIGKILL)
    alone.dst("up")
    assert alone.status() == before
    assert "No changes" in alone.dst("plan").stdout
