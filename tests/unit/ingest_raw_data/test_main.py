"""What the job does around Spark: which files are new, and what a conflict means."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from dst.errors import CommitConflictError, CommitError
from dst.lake import RawObject
from dst.s3_uri import S3Uri
from etl.ingest_raw_data import main
from etl.ingest_raw_data.ledger import Ledger

PARAMS = main.Params(S3Uri("raw", "signals/"), S3Uri("curated", "observations/"))
LAKE: Any = SimpleNamespace()


def test_a_file_is_new_if_it_or_its_content_is() -> None:
    known, changed, new = (RawObject(S3Uri("raw", key), "now", 1) for key in ("known", "changed", "new"))
    ledger = Ledger(LAKE, {"s3://raw/known": "now", "s3://raw/changed": "before", "s3://raw/gone": "x"})
    assert ledger.unknown([known, changed, new]) == [changed, new]


def test_after_a_conflict_the_run_begins_again(monkeypatch: pytest.MonkeyPatch) -> None:
    conflicts = [CommitConflictError("another run"), CommitConflictError("another run")]

    def ingest(*_: object) -> main.Summary:
        if conflicts:
            raise conflicts.pop()
        return main.Summary(files_new=1)

    monkeypatch.setattr(main, "_ingest", ingest)
    assert main.run(PARAMS, LAKE).files_new == 1


def test_it_gives_up_with_a_sentence_if_there_is_no_end_of_conflicts(monkeypatch: pytest.MonkeyPatch) -> None:
    def ingest(*_: object) -> main.Summary:
        raise CommitConflictError("another run")

    monkeypatch.setattr(main, "_ingest", ingest)
    with pytest.raises(CommitError, match="start the job again later"):
        main.run(PARAMS, LAKE)
