"""A server that is killed while clients write: whatever S3 acknowledged is there afterwards, and whole."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from cloudstage.configuration import Configuration
from cloudstage.lifecycle import Cloudstage, Running

from .aws import HERE, REGION, client

SIZES = (0, 100, 20_000, 300_000)
NAMES = 20
WRITERS = 3
WRITES = 120
DEADLINE_SECONDS = 60
PART = os.urandom(5 << 20)
Content = bytes | None
"""What is under a name; None if nothing is."""


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Cloudstage]:
    it = Cloudstage(tmp_path / "stage", Configuration(region=REGION))
    yield it
    it.delete()


class Writer(threading.Thread):
    """Puts, copies and deletes objects under names of its own until the server is gone."""

    def __init__(self, s3: Any, prefix: str, present: dict[str, Content]) -> None:
        super().__init__()
        self._s3 = s3
        self._prefix = prefix
        self._random = random.Random(prefix)  # noqa: S311 (any will do)
        self.acknowledged = {
            name: content for name, content in present.items() if name.startswith(prefix + "/")
        }
        self.begun: dict[str, Content] = {}
        self.writes = 0

    def run(self) -> None:
        try:
            while True:
                self._write(f"{self._prefix}/{self._random.randrange(NAMES)}")
                self.writes += 1
        except (BotoCoreError, ClientError):
            pass

    def _write(self, name: str) -> None:
        whole = [
            other for other, content in self.acknowledged.items() if content is not None and other != name
        ]
        what = self._random.randrange(10)
        if what < 2:
            self._change(name, None, lambda: self._s3.delete_object(Bucket="lake", Key=name))
        elif what < 5 and whole:
            source = self._random.choice(whole)
            content = self.acknowledged[source]
            origin = {"Bucket": "lake", "Key": source}
            self._change(
                name, content, lambda: self._s3.copy_object(Bucket="lake", Key=name, CopySource=origin)
            )
        else:
            body = os.urandom(self._random.choice(SIZES))
            self._change(name, body, lambda: self._s3.put_object(Bucket="lake", Key=name, Body=body))

    def _change(self, name: str, content: Content, request: Callable[[], object]) -> None:
        self.begun = {name: content}
        request()
        self.acknowledged[name] = content
        self.begun = {}


def contents(s3: Any) -> dict[str, Content]:
    """Every object of the lake."""
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket="lake")
    names = [entry["Key"] for page in pages for entry in page.get("Contents", [])]
    return {name: s3.get_object(Bucket="lake", Key=name)["Body"].read() for name in names}


def kill(running: Running) -> None:
    os.kill(running.pid, signal.SIGKILL)


def wait_for(condition: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"not within {DEADLINE_SECONDS} seconds: {what}"
        time.sleep(0.001)


def amid_writes(_: Cloudstage, writers: list[Writer]) -> None:
    wait_for(lambda: sum(writer.writes for writer in writers) >= WRITES, f"{WRITES} writes")


def amid_a_snapshot(stage: Cloudstage, writers: list[Writer]) -> None:
    """While its file is written: secrets, which are in no journal, make it large and different each time."""
    wait_for(lambda: all(writer.writes for writer in writers), "a write")
    running = stage.running()
    assert running
    secrets = client(running, "secretsmanager")

    def fill() -> None:
        with contextlib.suppress(BotoCoreError, ClientError):
            while True:
                secrets.create_secret(Name=str(time.monotonic()), SecretBinary=bytes(60_000))

    threading.Thread(target=fill).start()
    wait_for((stage.directory / "contents.new").exists, "a snapshot being written")


@pytest.mark.parametrize("moment", [amid_writes, amid_a_snapshot])
def test_what_was_acknowledged_survives_a_kill_and_the_next(
    moment: Callable[[Cloudstage, list[Writer]], None], stage: Cloudstage
) -> None:
    client(stage.up(), "s3").create_bucket(Bucket="lake", CreateBucketConfiguration=HERE)
    present: dict[str, Content] = {}
    for _ in range(2):
        running = stage.up()
        s3 = client(running, "s3")
        writers = [Writer(s3, str(number), present) for number in range(WRITERS)]
        for writer in writers:
            writer.start()
        moment(stage, writers)
        kill(running)
        for writer in writers:
            writer.join()

        present = contents(client(stage.up(), "s3"))

        for writer in writers:
            for name, content in writer.acknowledged.items():
                possible = [content, *([writer.begun[name]] if name in writer.begun else [])]
                assert present.get(name) in possible, name


def test_everything_s3_acknowledges_survives_a_kill_a_moment_later(stage: Cloudstage) -> None:
    running = stage.up()
    s3 = client(running, "s3")
    s3.create_bucket(Bucket="gone", CreateBucketConfiguration=HERE)
    s3.delete_bucket(Bucket="gone")
    s3.create_bucket(Bucket="lake", CreateBucketConfiguration=HERE)
    s3.put_bucket_versioning(Bucket="lake", VersioningConfiguration={"Status": "Enabled"})
    s3.put_bucket_tagging(Bucket="lake", Tagging={"TagSet": [{"Key": "zone", "Value": "raw"}]})
    first = s3.put_object(Bucket="lake", Key="a", Body=b"1", Metadata={"m": "x"}, Tagging="k=v")["VersionId"]
    s3.put_object(Bucket="lake", Key="a", Body=b"2")
    marker = s3.delete_object(Bucket="lake", Key="a")["VersionId"]
    for key in ("b", "c"):
        s3.put_object(Bucket="lake", Key=key, Body=b"")
    s3.put_object_tagging(Bucket="lake", Key="c", Tagging={"TagSet": [{"Key": "t", "Value": "u"}]})
    s3.delete_objects(Bucket="lake", Delete={"Objects": [{"Key": "b"}]})
    uploads = {}
    for key in ("whole", "begun"):
        upload = {"Bucket": "lake", "Key": key}
        upload["UploadId"] = uploads[key] = s3.create_multipart_upload(**upload)["UploadId"]
        tag = s3.upload_part(PartNumber=1, Body=PART, **upload)["ETag"]
    parts = {"Parts": [{"PartNumber": 1, "ETag": tag}]}
    s3.complete_multipart_upload(Bucket="lake", Key="whole", UploadId=uploads["whole"], MultipartUpload=parts)
    kill(running)

    s3 = client(stage.up(), "s3")

    assert [it["Name"] for it in s3.list_buckets()["Buckets"]] == ["lake"]
    assert s3.get_bucket_tagging(Bucket="lake")["TagSet"] == [{"Key": "zone", "Value": "raw"}]
    assert [it["Key"] for it in s3.list_objects_v2(Bucket="lake")["Contents"]] == ["c", "whole"]
    answer = s3.get_object(Bucket="lake", Key="a", VersionId=first)
    assert (answer["Body"].read(), answer["Metadata"], answer["TagCount"]) == (b"1", {"m": "x"}, 1)
    markers = {it["Key"]: it["VersionId"] for it in s3.list_object_versions(Bucket="lake")["DeleteMarkers"]}
    assert markers["a"] == marker
    assert markers.keys() == {"a", "b"}
    assert s3.get_object_tagging(Bucket="lake", Key="c")["TagSet"] == [{"Key": "t", "Value": "u"}]
    assert s3.get_object(Bucket="lake", Key="whole")["Body"].read() == PART
    s3.complete_multipart_upload(Bucket="lake", Key="begun", UploadId=uploads["begun"], MultipartUpload=parts)
    assert s3.get_object(Bucket="lake", Key="begun")["Body"].read() == PART
