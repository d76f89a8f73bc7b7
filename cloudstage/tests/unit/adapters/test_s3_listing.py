"""How objects are listed, with moto as it is and with the adapter."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moto.s3.models import FakeKey, S3Backend
from moto.s3.utils import _VersionedKeyStore

from cloudstage.adapters import s3_listing
from cloudstage.adapters.registry import applied

from .gaps import Adapted, with_and_without

ACCOUNT_ID = "123456789012"
NAMES = st.text("a/-0", min_size=1, max_size=5)


@contextlib.contextmanager
def filled(names: list[str]) -> Iterator[S3Backend]:
    """A backend with these objects in its only bucket."""
    backend = S3Backend("aws", ACCOUNT_ID)
    backend.create_bucket("listed", "eu-central-1")
    for name in names:
        backend.put_object("listed", name, b"")
    try:
        yield backend
    finally:
        backend.reset()


def pages(
    backend: S3Backend, prefix: str, delimiter: str | None, size: int, start_after: str | None = None
) -> list[list[str]]:
    """All pages of a listing."""
    found: list[list[str]] = []
    token: str | None = None
    for _ in itertools.repeat(None, 100):
        bucket = backend.get_bucket("listed")
        entries, more, token = backend.list_objects_v2(bucket, prefix, delimiter, token, start_after, size)
        found.append([entry.name if isinstance(entry, FakeKey) else entry for entry in entries])
        if not more:
            return found
    raise AssertionError("the listing does not end")


@with_and_without(s3_listing.listing_takes_no_longer_than_its_page)
def test_a_listing_looks_at_no_more_than_it_returns(
    adapted: Adapted, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: set[str] = set()
    look = _VersionedKeyStore.__getitem__

    def getitem(self: _VersionedKeyStore, name: str) -> FakeKey:
        looked_at.add(name)
        return look(self, name)  # type: ignore[no-any-return]

    with adapted, filled([f"{number:03}/file" for number in range(200)]) as backend:
        bucket = backend.get_bucket("listed")
        with monkeypatch.context() as watching:
            watching.setattr(_VersionedKeyStore, "__getitem__", getitem)
            entries, more, _ = backend.list_objects_v2(bucket, "1", "/", None, None, 2)

    assert (list(entries), more) == (["100/", "101/"], True)
    assert looked_at == {"100/file", "101/file", "102/file"}


@with_and_without(s3_listing.listing_takes_no_longer_than_its_page)
def test_a_folder_is_gone_when_all_in_it_is_deleted(adapted: Adapted) -> None:
    with adapted, filled([]) as backend:
        backend.put_bucket_versioning("listed", "Enabled")
        for name in ("gone/a", "here/a", "here/b"):
            backend.put_object("listed", name, b"")
        for name in ("gone/a", "here/a"):
            backend.delete_object("listed", name)

        assert pages(backend, "", "/", 10) == [["here/"]]


@given(
    names=st.lists(NAMES, max_size=12),
    deleted=st.lists(NAMES, max_size=4),
    prefix=st.text("a/-", max_size=2),
    delimiter=st.sampled_from([None, "/", "-"]),
    size=st.integers(1, 4),
    start_after=st.none() | NAMES,
)
def test_pages_are_those_of_moto(  # noqa: PLR0917 (as many as there are choices)
    names: list[str],
    deleted: list[str],
    prefix: str,
    delimiter: str | None,
    size: int,
    start_after: str | None,
) -> None:
    def listed() -> list[list[str]]:
        with filled(names) as backend:
            for name in deleted:
                backend.delete_object("listed", name)
            return pages(backend, prefix, delimiter, size, start_after)

    usual = listed()
    with applied(s3_listing.listing_takes_no_longer_than_its_page):
        assert listed() == usual
