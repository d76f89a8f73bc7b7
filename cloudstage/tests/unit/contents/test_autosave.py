"""When a cloudstage is saved."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from cloudstage.contents import autosave
from cloudstage.contents.autosave import Autosave
from cloudstage.contents.snapshot import Snapshot, Taken
from cloudstage.serving.gate import RequestGate

DEADLINE_SECONDS = 10


class Recorder(Snapshot):
    """A snapshot that counts how often it is written and can be made to fail."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self.written = 0
        self.fails: list[Exception] = []
        self.saved = threading.Event()

    def take(self) -> Taken:
        if self.fails:
            raise self.fails.pop()
        return Taken(b"", "", 0)

    def write(self, taken: Taken) -> None:
        self.written += 1
        self.saved.set()


@pytest.fixture
def snapshot(tmp_path: Path) -> Recorder:
    return Recorder(tmp_path)


@pytest.fixture
def started(snapshot: Recorder, monkeypatch: pytest.MonkeyPatch) -> Autosave:
    """An autosave that is not as patient as usual."""
    monkeypatch.setattr(autosave, "QUIET_SECONDS", 0.05)
    monkeypatch.setattr(autosave, "LONGEST_DELAY_SECONDS", 0.2)
    it = Autosave(snapshot)
    it.start(RequestGate(lambda *_: [], it.changed))
    return it


def test_nothing_is_saved_while_nothing_changes(started: Autosave, snapshot: Recorder) -> None:
    assert not snapshot.saved.wait(0.3)
    started.stop()


def test_many_changes_are_saved_once_after_the_last(started: Autosave, snapshot: Recorder) -> None:
    for _ in range(100):
        started.changed()

    assert snapshot.saved.wait(DEADLINE_SECONDS)
    assert snapshot.written == 1
    started.stop()


def test_changes_without_a_pause_are_saved_all_the_same(started: Autosave, snapshot: Recorder) -> None:
    tick = threading.Event()
    while not snapshot.saved.is_set():
        started.changed()
        tick.wait(0.01)
    started.stop()


def test_the_last_state_is_saved_when_the_stage_stops(started: Autosave, snapshot: Recorder) -> None:
    started.changed()
    started.stop()

    assert snapshot.written == 1


def test_a_change_during_a_snapshot_is_tried_again(started: Autosave, snapshot: Recorder) -> None:
    snapshot.fails = [RuntimeError("dictionary changed size during iteration")] * 3

    started.stop()

    assert snapshot.written == 1


def test_saving_is_tried_again_after_a_failure(started: Autosave, snapshot: Recorder) -> None:
    snapshot.fails = [OSError("No space left on device")]

    started.changed()

    assert snapshot.saved.wait(DEADLINE_SECONDS)
    started.stop()


def test_what_prevents_the_last_save_is_raised(started: Autosave, snapshot: Recorder) -> None:
    snapshot.fails = [OSError("No space left on device")]

    with pytest.raises(OSError, match="No space left"):
        started.stop()
