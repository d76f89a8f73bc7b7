"""Records of CSV and JSON lines: exact places, and a mistake costs its own line only."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.ingest_raw_data.lines import decoded
from etl.ingest_raw_data.raw_records import RawRecord, from_csv, from_json_lines
from etl.ingest_raw_data.sources import DEFAULT, SourceMapping, ValueColumn

PLAIN = SourceMapping(
    name="plain",
    files=("*",),
    columns={},
    time_columns=("a",),
    values=(ValueColumn("b"),),
    signal_name="s",
    unit="u",
)
FIELD = st.text(st.characters(exclude_characters="\r", codec="utf-8"), max_size=8)


def csv_records(text: str, mapping: SourceMapping = PLAIN) -> list[RawRecord]:
    return list(from_csv(decoded(io.BytesIO(text.encode())), mapping))


def json_records(text: str) -> list[RawRecord]:
    return list(from_json_lines(decoded(io.BytesIO(text.encode())), DEFAULT))


def codes(records: list[RawRecord]) -> list[tuple[int, str | None]]:
    return [(each.line_number, each.rejected.code if each.rejected else None) for each in records]


@given(st.lists(st.tuples(FIELD, FIELD), max_size=6))
def test_what_the_csv_module_writes_is_read_back_with_its_lines(rows: list[tuple[str, str]]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(["a", "b"])
    begins = []
    for row in rows:
        begins.append(text.getvalue().count("\n") + 1)
        writer.writerow(row)
    found = csv_records(text.getvalue())
    assert [(each.line_number, each.fields) for each in found] == [
        (line, {"a": row[0], "b": row[1]}) for line, row in zip(begins, rows, strict=True)
    ]


@given(st.text(st.sampled_from('a,"\n1;\r'), max_size=60))
def test_any_text_is_read_and_each_line_is_in_one_record(text: str) -> None:
    found = csv_records("a,b\n" + text)
    numbers = [each.line_number for each in found]
    assert numbers == sorted(set(numbers))
    content = [line for line in text.replace("\r\n", "\n").split("\n") if line.strip()]
    assert sum(1 for each in found for line in each.text.split("\n") if line.strip()) == len(content)


def test_a_record_over_several_lines_begins_at_its_first() -> None:
    found = csv_records('a,b\n1,"two\nlines"\n3,4\n')
    assert [(each.line_number, each.text) for each in found] == [(2, '1,"two\nlines"'), (4, "3,4")]


def test_a_quote_that_is_never_closed_costs_one_line() -> None:
    found = csv_records('a,b\n1,2\n3,"4\n' + "".join(f"{n},{n}\n" for n in range(300)))
    assert len(found) == 302
    assert [code for _, code in codes(found) if code] == ["malformed_line"]
    assert codes(found)[1] == (3, "malformed_line")


def test_two_stray_quotes_cost_two_lines() -> None:
    assert codes(csv_records('a,b\n5" pipe,1\n6" pipe,2\n7,3\n')) == [
        (2, "malformed_line"),
        (3, "malformed_line"),
        (4, None),
    ]


def test_too_few_and_too_many_fields() -> None:
    assert codes(csv_records("a,b\n1\n1,2\n1,2,3\n")) == [(2, "column_count"), (3, None), (4, "column_count")]


def test_blank_lines_are_no_records() -> None:
    assert codes(csv_records("\na,b\n\n1,2\n   \n3,4\n")) == [(4, None), (6, None)]


def test_names_of_columns_may_have_blanks_around_and_other_columns_beside() -> None:
    (record,) = csv_records(" b , x,x,a\n1,2,3,4\n")
    assert (record.fields["a"], record.fields["b"]) == ("4", "1")


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("", "file_empty", "no line"),
        ("\n\n", "file_empty", "no line"),
        ("a,c\n1,2\n", "header_invalid", "lacks b, as sources/plain.json says"),
        ("a,b,b\n1,2,3\n", "header_invalid", "holds b more than once"),
        ('a,"b"x\n1,2\n', "header_invalid", "is not CSV"),
    ],
)
def test_a_file_without_a_usable_header_is_one_rejected_record(text: str, code: str, said: str) -> None:
    (record,) = csv_records(text)
    assert record.line_number == 0
    assert record.rejected is not None
    assert record.rejected.code == code
    assert said in record.rejected.reason


def test_another_delimiter() -> None:
    mapping = SourceMapping("x", ("*",), {}, ("a",), (ValueColumn("b"),), delimiter=";")
    assert csv_records('a;b\n1,5;"2;3"\n', mapping)[0].fields == {"a": "1,5", "b": "2;3"}


@given(
    st.lists(
        st.dictionaries(st.text(max_size=5), st.none() | st.integers() | st.text(), max_size=3), max_size=5
    )
)
def test_json_lines_are_read_back(objects: list[dict[str, Any]]) -> None:
    found = json_records("".join(json.dumps(each) + "\n" for each in objects))
    assert [each.fields for each in found] == objects
    assert [each.line_number for each in found] == list(range(1, len(objects) + 1))


@pytest.mark.parametrize(
    "line", ["{", "[1]", "1", '"text"', "null", "[" * 100_000, '{"a": ' + "9" * 5000 + "}", "NaN"]
)
def test_a_line_that_is_no_json_object_is_rejected_alone(line: str) -> None:
    assert codes(json_records(f'{{"a": 1}}\n{line}\n\n{{"a": 2}}\n')) == [
        (1, None),
        (2, "invalid_json"),
        (4, None),
    ]
