from __future__ import annotations

import json
import logging

import pytest

from dst import logs


@pytest.fixture(autouse=True)
def _restored_logging() -> object:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = before


def test_each_line_is_json_with_job_and_run(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("ingest", "jr_1")
    logging.getLogger("x").warning("two\nlines of %s", "text", extra={"files": 3})
    (line,) = capsys.readouterr().out.splitlines()
    entry = json.loads(line)
    assert entry.pop("timestamp").endswith("+00:00")
    assert entry == {
        "level": "WARNING",
        "job": "ingest",
        "run_id": "jr_1",
        "message": "two\nlines of text",
        "files": 3,
    }


def test_a_traceback_stays_in_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("ingest", "jr_1")
    try:
        int("boom")
    except ValueError:
        logging.getLogger("x").exception("failed")
    (line,) = capsys.readouterr().out.splitlines()
    assert "ValueError: invalid literal" in json.loads(line)["traceback"]


def test_the_summary_can_be_found(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("ingest", "jr_1")
    logs.summary({"rows_read": 2})
    entry = json.loads(capsys.readouterr().out)
    assert (entry["event"], entry["rows_read"]) == ("job_summary", 2)
