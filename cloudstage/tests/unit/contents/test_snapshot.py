"""Snapshots of moto in this process: what they refuse, and what they leave on the disk."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from moto.s3.models import s3_backends

from cloudstage.contents.snapshot import Snapshot
from cloudstage.errors import ServerError

BODY = os.urandom(10_000)


@pytest.fixture
def saved(snapshot: Snapshot, s3: Any) -> Snapshot:
    """A snapshot beside an object that is large enough to have a file of its own."""
    s3.put_object(Bucket="lake", Key="key", Body=BODY)
    save(snapshot)
    return snapshot


def save(snapshot: Snapshot) -> None:
    snapshot.write(snapshot.take())


def objects(tmp_path: Path) -> list[bytes]:
    return [path.read_bytes() for path in (tmp_path / "objects").rglob("*") if path.is_file()]


def test_contents_come_back(saved: Snapshot, s3: Any, tmp_path: Path, forget: Callable[[], None]) -> None:
    forget()
    assert s3.list_buckets()["Buckets"] == []

    Snapshot(tmp_path).restore()

    assert s3.get_object(Bucket="lake", Key="key")["Body"].read() == BODY


def test_a_stage_without_a_snapshot_is_empty(tmp_path: Path) -> None:
    Snapshot(tmp_path).restore()


def test_contents_come_back_wherever_the_directory_is_now(
    saved: Snapshot, s3: Any, tmp_path: Path, forget: Callable[[], None]
) -> None:
    moved = tmp_path.with_name(tmp_path.name + "-moved")
    tmp_path.rename(moved)
    forget()

    Snapshot(moved).restore()

    assert s3.get_object(Bucket="lake", Key="key")["Body"].read() == BODY


def flip_a_byte(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-100] ^= 1
    path.write_bytes(data)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-10])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def written_by(**facts: Any) -> Callable[[Path], None]:
    def rewrite(path: Path) -> None:
        header, _, data = path.read_bytes().partition(b"\n")
        path.write_bytes(json.dumps(json.loads(header) | facts).encode() + b"\n" + data)

    return rewrite


def flip_a_byte_of_the_journal(path: Path) -> None:
    """Not in its last record: that may have been cut off by a power failure."""
    [journal] = (path.parent / "journal").iterdir()
    data = bytearray(journal.read_bytes())
    data[200] ^= 1
    journal.write_bytes(data)


def lose_a_body(path: Path) -> None:
    for body in (path.parent / "objects").glob("??/*"):
        body.unlink()


def shorten_a_body(path: Path) -> None:
    for body in (path.parent / "objects").glob("??/*"):
        body.write_bytes(b"short")


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (flip_a_byte, "are damaged"),
        (cut, "are damaged"),
        (empty, "are damaged"),
        (written_by(moto="4.0.0"), r"another version \(moto 4.0.0, .*; this is moto \d"),
        (written_by(python="3.9"), "Python 3.9"),
        (written_by(format=0), "format 0"),
        (flip_a_byte_of_the_journal, "is damaged at byte"),
    ],
)
def test_what_can_not_be_restored_is_refused_with_the_way_out(
    damage: Callable[[Path], None], reason: str, saved: Snapshot, tmp_path: Path
) -> None:
    damage(saved.path)

    with pytest.raises(ServerError, match=reason) as refusal:
        Snapshot(tmp_path).restore()

    assert str(saved.path) in str(refusal.value)
    assert "cloudstage down --delete-data" in str(refusal.value)


@pytest.mark.parametrize("damage", [lose_a_body, shorten_a_body])
def test_an_object_whose_body_is_lost_is_named_and_the_others_are_there(
    damage: Callable[[Path], None],
    saved: Snapshot,
    s3: Any,
    caplog: pytest.LogCaptureFixture,
    restart: Callable[[], None],
) -> None:
    s3.put_object(Bucket="lake", Key="small", Body=b"small")
    damage(saved.path)
    restart()

    assert [it["Key"] for it in s3.list_objects_v2(Bucket="lake")["Contents"]] == ["small"]
    assert "s3://lake/key is lost" in caplog.text


def test_a_snapshot_is_replaced_as_a_whole_or_not_at_all(
    saved: Snapshot, s3: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = saved.path.read_bytes()
    s3.create_bucket(Bucket="other")

    def fail(_: int) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space"):
        saved.write(saved.take())

    assert saved.path.read_bytes() == before


def test_nothing_is_written_if_nothing_has_changed(saved: Snapshot) -> None:
    saved.path.unlink()

    save(saved)

    assert not saved.path.exists()


def test_equal_bodies_are_stored_once_and_small_ones_not_at_all(
    saved: Snapshot, s3: Any, tmp_path: Path
) -> None:
    s3.put_object(Bucket="lake", Key="equal", Body=BODY)
    s3.put_object(Bucket="lake", Key="small", Body=b"small")

    save(saved)

    assert objects(tmp_path) == [BODY]


def test_bodies_of_deleted_objects_are_removed_after_a_while(
    saved: Snapshot, s3: Any, tmp_path: Path
) -> None:
    s3.delete_object(Bucket="lake", Key="key")
    save(saved)
    assert objects(tmp_path) == [BODY], "a request may still be reading it"

    s3.put_object(Bucket="lake", Key="other", Body=b"x")
    save(saved)

    assert objects(tmp_path) == []


def test_what_a_killed_server_had_begun_to_write_is_removed(saved: Snapshot, tmp_path: Path) -> None:
    (tmp_path / "objects" / "new-unfinished").write_bytes(b"x")

    Snapshot(tmp_path).restore()

    assert objects(tmp_path) == [BODY]


def test_an_object_can_be_replaced_after_it_was_stored(
    saved: Snapshot, s3: Any, restart: Callable[[], None]
) -> None:
    s3.put_object(Bucket="lake", Key="key", Body=BODY[::-1])
    save(saved)
    restart()

    assert s3.get_object(Bucket="lake", Key="key")["Body"].read() == BODY[::-1]


def test_what_can_not_be_saved_is_named(s3: Any, tmp_path: Path) -> None:
    backend = s3_backends["123456789012"]["aws"]
    backend.tagger.socket = memoryview(b"")  # type: ignore[attr-defined]

    with pytest.raises(
        ServerError, match=r"moto\.s3\.models can't be saved: cannot pickle memoryview objects"
    ):
        Snapshot(tmp_path).take()
