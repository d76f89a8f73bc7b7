"""What was appended to a journal is read back, whatever became of the process."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from cloudstage.contents import journal as module
from cloudstage.contents.journal import DamagedError, Journal

WRITER = {"format": 1}
RECORDS = [b"first", b"", b"x" * 100_000, b"last"]


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    it = Journal(tmp_path, WRITER)
    for record in RECORDS:
        it.append(record)
    return it


def read(folder: Path) -> list[bytes]:
    """What a new process finds."""
    return list(Journal(folder, WRITER).read())


def only_file(folder: Path) -> Path:
    [path] = folder.glob("*.journal")
    return path


def test_records_are_read_in_their_order(journal: Journal) -> None:
    assert read(journal.folder) == RECORDS


def test_what_was_appended_after_a_restart_follows(journal: Journal) -> None:
    again = Journal(journal.folder, WRITER)
    assert list(again.read()) == RECORDS
    again.append(b"more")

    assert read(journal.folder) == [*RECORDS, b"more"]


@pytest.mark.parametrize("missing", [1, 4, 5, 11, 12])
def test_a_record_that_was_being_written_is_dropped_for_good(journal: Journal, missing: int) -> None:
    path = only_file(journal.folder)
    os.truncate(path, path.stat().st_size - missing)

    again = Journal(journal.folder, WRITER)
    assert list(again.read()) == RECORDS[:-1]
    again.append(b"more")

    assert read(journal.folder) == [*RECORDS[:-1], b"more"]


@pytest.mark.parametrize("length", range(20))
def test_a_file_that_was_being_begun_is_empty(tmp_path: Path, length: int) -> None:
    it = Journal(tmp_path, WRITER)
    it.append(b"record")
    os.truncate(only_file(tmp_path), length)

    assert read(tmp_path) == []


def test_a_last_record_that_did_not_reach_the_disk_is_dropped(journal: Journal) -> None:
    path = only_file(journal.folder)
    path.write_bytes(path.read_bytes()[:-4] + bytes(4))

    assert read(journal.folder) == RECORDS[:-1]


def test_other_damage_is_refused(journal: Journal) -> None:
    path = only_file(journal.folder)
    data = bytearray(path.read_bytes())
    data[1000] ^= 1
    path.write_bytes(data)

    with pytest.raises(DamagedError, match="damaged at byte"):
        read(journal.folder)


def test_a_journal_of_another_version_is_refused(journal: Journal) -> None:
    with pytest.raises(DamagedError, match="another version"):
        list(Journal(journal.folder, {"format": 2}).read())


def test_a_failed_append_leaves_no_trace(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    write = module._write

    def fail(file: Any, data: bytes) -> None:
        write(file, data[:7])
        raise OSError("No space left on device")

    monkeypatch.setattr(module, "_write", fail)
    with pytest.raises(OSError, match="No space"):
        journal.append(b"lost")
    monkeypatch.undo()
    journal.append(b"more")

    assert read(journal.folder) == [*RECORDS, b"more"]


def last_only(records: Iterable[bytes]) -> Iterable[bytes]:
    return list(records)[-1:]


def test_a_compacted_journal_has_what_is_left_and_what_came_meanwhile(journal: Journal) -> None:
    def rewrite(records: Iterable[bytes]) -> Iterable[bytes]:
        journal.append(b"meanwhile")
        return last_only(records)

    before = journal.size
    journal.compact(rewrite)
    journal.append(b"after")

    assert read(journal.folder) == [b"last", b"meanwhile", b"after"]
    assert journal.size_when_compacted < journal.size < before
    assert journal.size == sum(path.stat().st_size for path in journal.folder.iterdir())


def test_a_kill_after_compacting_does_not_bring_back_what_was_left_out(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal.compact(list)
    journal.append(b"more")
    monkeypatch.setattr(Path, "unlink", lambda *_, **__: None)
    journal.compact(last_only)
    monkeypatch.undo()
    assert len(list(journal.folder.iterdir())) > 2

    assert read(journal.folder) == [b"more"]


def test_a_kill_while_compacting_changes_nothing(journal: Journal) -> None:
    def fail(_: Iterable[bytes]) -> Iterable[bytes]:
        yield b"unfinished"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        journal.compact(fail)

    assert read(journal.folder) == RECORDS
    assert not list(journal.folder.glob("*.new"))
