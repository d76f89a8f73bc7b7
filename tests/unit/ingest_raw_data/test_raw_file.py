"""A raw file as a whole: from its bytes to records, whatever is in it."""

from __future__ import annotations

import gzip
import io
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.ingest_raw_data import raw_file, sources
from etl.ingest_raw_data.reasons import ReasonCode
from etl.ingest_raw_data.records import Record

DATA = Path(__file__).parents[2] / "data/ingest_raw_data"
MAPPINGS = {mapping.name: mapping for mapping in sources.load("etl.ingest_raw_data")}


def read(content: bytes, name: str, source: str | None = None) -> list[Record]:
    mapping = MAPPINGS[source] if source else sources.DEFAULT
    return list(raw_file.read(io.BytesIO(content), f"s3://raw/signals/{name}", mapping))


def brief(records: list[Record]) -> list[tuple[int, str, float | str | None]]:
    return [(each.line_number, each.column_name, each.reason_code or each.value) for each in records]


@pytest.mark.parametrize("name", ["long.csv", "long.jsonl"])
@pytest.mark.parametrize("packed", [False, True])
def test_a_default_file_gives_its_good_rows_and_a_reason_for_each_bad_one(name: str, packed: bool) -> None:
    content = (DATA / name).read_bytes()
    found = read(gzip.compress(content), f"x/{name}.gz") if packed else read(content, f"x/{name}")
    good = [each for each in found if each.reason_code is None]
    assert [(each.signal_name, each.observed_at, each.value, each.unit, each.source) for each in good] == [
        ("temperature", datetime(2024, 1, 1), 21.5, "degC", "station 7"),
        ("temperature", datetime(2024, 1, 1, 10), -3.0, "degC", None),
    ]
    assert all(each.raw_line is None for each in good)
    bad = {each.reason_code: each for each in found if each.reason_code}
    assert set(bad) == {
        "value_missing",
        "value_not_a_number",
        "value_not_finite",
        "time_missing",
        "time_invalid",
        "signal_name_missing",
        "signal_name_invalid",
        "unit_missing",
        "not_utf8",
        "malformed_line" if name.endswith(".csv") else "invalid_json",
    }
    lines = content.split(b"\n")
    for each in bad.values():
        assert each.raw_line == lines[each.line_number - 1].decode(errors="backslashreplace")
        assert each.reason
        assert (each.value, each.observed_at) == (None, None)
    assert bad["value_missing"].signal_name == "temperature"
    assert bad["signal_name_invalid"].signal_name is None


def test_a_wide_file_gives_a_record_per_cell() -> None:
    content = b"YEAR,JAN,FEB,MAR,APR,MAY,JUN,JUL,AUG,SEP,OCT,NOV,DEC\n1950,1,2,,4,5,x,7,8,9,10,11,12\n"
    found = read(content, "elnino/elnino.csv", "elnino")
    assert len(found) == 12
    assert [each.observed_at for each in found if each.observed_at][:2] == [
        datetime(1950, 1, 1),
        datetime(1950, 2, 1),
    ]
    assert [each for each in brief(found) if isinstance(each[2], str)] == [
        (2, "MAR", "value_missing"),
        (2, "JUN", "value_not_a_number"),
    ]


def test_a_wide_line_that_is_no_record_is_rejected_once() -> None:
    content = b"YEAR,JAN,FEB,MAR,APR,MAY,JUN,JUL,AUG,SEP,OCT,NOV,DEC\n1950,1\n"
    assert brief(read(content, "elnino/elnino.csv", "elnino")) == [(2, "", "column_count")]


def test_a_mapping_names_signal_unit_and_source() -> None:
    (found,) = read(b"date,co2\n19580329,316.1\n", "co2/co2.csv", "co2")
    assert (found.signal_name, found.unit, found.source, found.observed_at) == (
        "co2",
        "ppm",
        "co2",
        datetime(1958, 3, 29),
    )


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("x/notes.txt", b"hello", ReasonCode.FORMAT_UNKNOWN),
        ("x/table.parquet", b"PAR1", ReasonCode.FORMAT_UNKNOWN),
        ("x/empty.csv", b"", ReasonCode.FILE_EMPTY),
        ("x/broken.csv.gz", b"not gzip", ReasonCode.FILE_UNREADABLE),
        ("x/broken.jsonl.gz", b"not gzip", ReasonCode.FILE_UNREADABLE),
        ("x/other.csv", b"when,what\n1,2\n", ReasonCode.HEADER_INVALID),
        ("x/utf16.csv", "signal_name,observed_at,value,unit\n".encode("utf-16"), ReasonCode.NOT_UTF8),
    ],
)
def test_a_file_that_cannot_be_read_is_one_rejected_record(
    name: str, content: bytes, code: ReasonCode
) -> None:
    (found,) = read(content, name)
    assert (found.line_number, found.reason_code) == (0, code)


@given(st.binary(max_size=300), st.sampled_from(["a.csv", "a.csv.gz", "a.jsonl", "a.jsonl.gz", "a"]))
def test_any_bytes_give_records_and_none_raises(content: bytes, name: str) -> None:
    for found in read(
        b"signal_name,observed_at,value,unit\n" + content if name == "a.csv" else content, name
    ):
        assert (found.reason_code is None) == (found.value is not None)


def test_a_long_line_is_kept_in_part() -> None:
    (found,) = read(
        b"signal_name,observed_at,value,unit\na,2024-01-01," + b"9" * 20_000 + b"x,m\n", "x/long.csv"
    )
    assert found.raw_line is not None
    assert len(found.raw_line) == 8192


def test_reason_codes_are_what_consumers_filter_by() -> None:
    assert Counter(ReasonCode) == Counter(code.value for code in ReasonCode)
    assert all(code == code.lower() for code in ReasonCode)
