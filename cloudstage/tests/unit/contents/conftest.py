"""moto in this process, and the contents of a cloudstage made of it."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.core.base_backend import BackendDict
from moto.s3.models import s3_backends

from cloudstage.adapters import memory
from cloudstage.adapters.registry import applied
from cloudstage.contents.snapshot import Snapshot
from cloudstage.patching import Patch


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A client of moto, with a bucket in it that no journal knows."""
    for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    with mock_aws():
        client = boto3.client("s3", region_name="us-east-1")
        client.create_bucket(Bucket="lake")
        yield client


@pytest.fixture
def snapshot(s3: Any, tmp_path: Path) -> Iterator[Snapshot]:
    """The contents of a cloudstage in which nothing was saved yet."""
    patch = Patch()
    it = Snapshot(tmp_path)
    it.install(patch)
    with applied(memory.what_is_deleted_is_forgotten):
        yield it
    patch.undo()


@pytest.fixture
def forget() -> Callable[[], None]:
    """Empties moto, as a new process would find it."""

    def empty() -> None:
        s3_backends.bucket_accounts.clear()
        for backends in list(BackendDict._instances):  # type: ignore[misc]
            backends.clear()
        gc.collect()

    return empty


@pytest.fixture
def restart(tmp_path: Path, forget: Callable[[], None]) -> Callable[[], None]:
    """Restores what is on the disk, as a new process does."""

    def forget_and_restore() -> None:
        forget()
        Snapshot(tmp_path).restore()

    return forget_and_restore
