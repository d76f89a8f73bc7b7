"""A server that is killed while clients write: what was saved is whole, and everything up to its moment."""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from cloudstage.lifecycle import Cloudstage

from .aws import HERE, client

SIZES = (100, 20_000, 300_000)
WRITERS = 3
SNAPSHOTS_BEFORE_THE_KILL = 3
DEADLINE_SECONDS = 60


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Cloudstage]:
    it = Cloudstage(tmp_path / "stage")
    yield it
    it.delete()


class Writer(threading.Thread):
    """Puts objects, each named by what is in it, until the server is gone."""

    def __init__(self, s3: Any) -> None:
        super().__init__()
        self._s3 = s3
        self.acknowledged: dict[str, datetime.datetime] = {}

    def run(self) -> None:
        for number in range(100_000):
            body = os.urandom(SIZES[number % len(SIZES)])
            name = hashlib.sha256(body).hexdigest()
            try:
                self._s3.put_object(Bucket="lake", Key=name, Body=body)
            except (BotoCoreError, ClientError):
                return
            self.acknowledged[name] = datetime.datetime.now(datetime.UTC)


def saved_at(stage: Cloudstage) -> str:
    """The moment the saved contents are of; empty if there are none."""
    try:
        with (stage.directory / "contents.snapshot").open("rb") as snapshot:
            return str(json.loads(snapshot.readline())["taken_at"])
    except FileNotFoundError:
        return ""


def wait_for_snapshots(stage: Cloudstage, number: int) -> None:
    seen: set[str] = set()
    deadline = time.monotonic() + DEADLINE_SECONDS
    while len(seen) < number:
        assert time.monotonic() < deadline, f"the cloudstage was saved at {seen} only"
        seen.add(saved_at(stage))
        time.sleep(0.02)


def test_nothing_saved_is_lost_or_damaged_by_a_kill(stage: Cloudstage) -> None:
    running = stage.up()
    s3 = client(running, "s3")
    s3.create_bucket(Bucket="lake", CreateBucketConfiguration=HERE)
    writers = [Writer(s3) for _ in range(WRITERS)]
    for writer in writers:
        writer.start()

    wait_for_snapshots(stage, SNAPSHOTS_BEFORE_THE_KILL)
    os.kill(running.pid, signal.SIGKILL)
    for writer in writers:
        writer.join()
    moment = datetime.datetime.fromisoformat(saved_at(stage))

    s3 = client(stage.up(), "s3")
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket="lake")
    names = {entry["Key"] for page in pages for entry in page.get("Contents", [])}
    for name in names:
        body = s3.get_object(Bucket="lake", Key=name)["Body"].read()
        assert hashlib.sha256(body).hexdigest() == name
    due = {name for writer in writers for name, at in writer.acknowledged.items() if at < moment}
    assert due
    assert due <= names
