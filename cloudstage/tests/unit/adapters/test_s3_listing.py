"""How objects are listed, with moto as it is and with the adapter."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest
from moto.s3.models import FakeBucket, FakeKey, S3Backend
from moto.s3.utils import _VersionedKeyStore

from cloudstage.adapters import s3_listing
from cloudstage.adapters.registry import applied

from .gaps import STOCK

ACCOUNT_ID = "123456789012"
ADAPTED = pytest.param(applied(s3_listing.only_the_prefix_is_listed), id="adapted")


@pytest.fixture
def backend() -> Iterator[S3Backend]:
    """One that no other test uses."""
    it = S3Backend("aws", ACCOUNT_ID)
    yield it
    it.reset()


@pytest.mark.parametrize("adapted", [STOCK, ADAPTED])
def test_a_listing_looks_at_no_object_outside_of_its_prefix(
    adapted: contextlib.AbstractContextManager[None], backend: S3Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket: FakeBucket = backend.create_bucket("listed", "eu-central-1")
    for number in range(100):
        backend.put_object("listed", f"{number:02}/file", b"")
    looked_at: list[str] = []
    look = _VersionedKeyStore.__getitem__

    def getitem(self: _VersionedKeyStore, name: str) -> FakeKey:
        looked_at.append(name)
        return look(self, name)  # type: ignore[no-any-return]

    monkeypatch.setattr(_VersionedKeyStore, "__getitem__", getitem)
    with adapted:
        keys, folders, truncated, _ = backend.list_objects(bucket, "17/", "/", None, None)

    assert [key.name for key in keys] == ["17/file"]
    assert (list(folders), truncated) == ([], False)
    assert set(looked_at) == {"17/file"}
