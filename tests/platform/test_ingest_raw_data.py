"""The deployed Glue job: what arrives in the raw zone can be queried, once, and the rest says why not."""

from __future__ import annotations

import gzip
import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from checkout import Checkout

HEADER = "signal_name,observed_at,value,unit\n"


@pytest.fixture(scope="module")
def raw(platform: Checkout) -> str:
    return str(platform.status()["buckets"]["raw"])


def put(platform: Checkout, raw: str, name: str, content: str | bytes) -> None:
    body = content.encode() if isinstance(content, str) else content
    platform.client("s3").put_object(Bucket=raw, Key=f"signals/{name}", Body=body)


def test_good_rows_are_committed_and_bad_rows_quarantined(platform: Checkout, raw: str) -> None:
    good, bad = "first,2024-01-01T00:00:00Z,1.5,m\n", "first,not a time,2.5,m\n"
    put(platform, raw, "first/plain.csv", HEADER + good + bad + "first,2024-01-02,,m\n")
    put(platform, raw, "first/packed.csv.gz", gzip.compress((HEADER + "first,2024-02-01,3,m\n").encode()))
    record = {"signal_name": "first", "observed_at": "2024-03-01", "value": 4, "unit": "m", "source": "test"}
    put(platform, raw, "first/lines.jsonl", json.dumps(record) + "\n{not json\n")
    put(platform, raw, "first/broken.csv.gz", b"this is not gzip")

    outcome = platform.run("ingest_raw_data")

    assert outcome["state"] == "SUCCEEDED"
    assert outcome["summary"]["rows_written"] == 3
    rows = platform.query(
        "SELECT observed_at, value, unit, observed_year, observed_month FROM observations "
        "WHERE signal_name = 'first' ORDER BY observed_at"
    )
    assert [(row[1], row[2]) for row in rows] == [("1.5", "m"), ("3.0", "m"), ("4.0", "m")]
    assert [(row[3], row[4]) for row in rows] == [("2024", "1"), ("2024", "2"), ("2024", "3")]
    quarantined = platform.query(
        "SELECT reason_code, line_number, raw_line, run_id FROM observations_quarantine "
        "WHERE source_file LIKE '%/first/%' ORDER BY reason_code"
    )
    assert [row[0] for row in quarantined] == [
        "file_unreadable",
        "invalid_json",
        "time_invalid",
        "value_missing",
    ]
    by_reason = {row[0]: row for row in quarantined}
    assert by_reason["time_invalid"][1:3] == ["3", bad.strip()]
    assert {row[3] for row in quarantined} == {outcome["run_id"]}


def test_running_again_changes_nothing(platform: Checkout, raw: str) -> None:
    put(platform, raw, "again/one.csv", HEADER + "again,2024-01-01,1,m\n")
    platform.run("ingest_raw_data")
    before = platform.query('SELECT snapshot_id FROM "observations$snapshots"')
    outcome = platform.run("ingest_raw_data")
    assert outcome["summary"]["rows_written"] == 0
    assert platform.query('SELECT snapshot_id FROM "observations$snapshots"') == before
    assert platform.query("SELECT count(*) FROM observations WHERE signal_name = 'again'") == [["1"]]


def test_two_runs_at_once_double_nothing_and_lose_nothing(platform: Checkout, raw: str) -> None:
    lines = "".join(f"both,2024-01-{day:02d},{day},m\n" for day in range(1, 29))
    for number in range(3):
        put(platform, raw, f"both/{number}.csv", HEADER + lines.replace("both", f"both_{number}"))
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(lambda _: platform.run("ingest_raw_data"), range(2)))
    assert [outcome["state"] for outcome in outcomes] == ["SUCCEEDED", "SUCCEEDED"]
    counts = platform.query(
        "SELECT signal_name, count(*), count(DISTINCT observed_at) FROM observations "
        "WHERE signal_name LIKE 'both%' GROUP BY signal_name ORDER BY signal_name"
    )
    assert counts == [[f"both_{number}", "28", "28"] for number in range(3)]


def test_a_snapshot_says_which_commit_and_run_made_it(platform: Checkout, raw: str) -> None:
    put(platform, raw, "lineage/one.csv", HEADER + "lineage,2024-01-01,1,m\n")
    outcome = platform.run("ingest_raw_data")
    snapshots = platform.query(
        'SELECT summary FROM "observations$snapshots" ORDER BY committed_at DESC LIMIT 1'
    )
    assert outcome["run_id"] in str(snapshots[0][0])
    assert "git-commit" in str(snapshots[0][0])
