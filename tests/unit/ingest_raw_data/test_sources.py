"""Source mappings: those of this job, and what is wrong with others."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dst.errors import DeclarationError
from etl.ingest_raw_data import sources

LONG: dict[str, Any] = {
    "files": ["tides/*"],
    "layout": "long",
    "signal_name": "tide",
    "unit": "m",
    "columns": {"observed_at": "when", "value": "height"},
}


def parse(**changes: Any) -> sources.SourceMapping:
    declared = {key: value for key, value in {**LONG, **changes}.items() if value is not None}
    return sources.parse("tides", json.dumps(declared))


def test_the_three_sources_of_this_job_are_found_by_path() -> None:
    mappings = sources.load("etl.ingest_raw_data")
    paths = ["co2/co2.csv", "elnino/2024/elnino.csv.gz", "sunspots/x.jsonl", "other/x.csv", "co2.csv"]
    assert [sources.choose(path, mappings).name for path in paths] == [
        "co2",
        "elnino",
        "sunspots",
        None,
        None,
    ]


def test_a_long_mapping_needs_little() -> None:
    mapping = parse()
    assert mapping.required == {"when", "height"}
    assert (mapping.time_columns, mapping.time_format, mapping.delimiter) == (("when",), None, ",")


def test_a_time_can_be_in_several_columns_and_names_in_columns_too() -> None:
    mapping = parse(
        columns={"observed_at": ["day", "hour"], "value": "v", "signal_name": "what"}, signal_name=None
    )
    assert mapping.required == {"day", "hour", "v", "what"}


def test_a_wide_mapping_can_hold_a_signal_per_column() -> None:
    mapping = parse(
        layout="wide",
        signal_name=None,
        columns={"observed_at": "when"},
        value_columns={"t": {"signal_name": "temperature", "unit": "degC"}, "p": {"signal_name": "pressure"}},
    )
    assert [value.signal_name for value in mapping.values] == ["temperature", "pressure"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"files": None}, "'files' is missing"),
        ({"layout": "tall"}, "layout must be long or wide"),
        ({"columns": {"observed_at": "when"}}, "'value' is missing"),
        ({"layout": "wide"}, "'value_columns' is missing"),
        ({"unit": None}, "nothing says the unit"),
        ({"signal_name": None}, "nothing says the signal_name"),
        ({"colour": "red"}, "colour is unknown"),
        ({"files": "tides/*"}, "files must be a list"),
        ({"format": "xml"}, "format must be csv or jsonl"),
        ({"delimiter": ", "}, "delimiter must be one character"),
        ({"columns": {"observed_at": "when", "value": "v", "quality": "q"}}, "columns.quality is unknown"),
    ],
)
def test_what_is_wrong_is_said_with_the_file(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(DeclarationError) as refused:
        parse(**changes)
    assert "sources/tides.json" in str(refused.value)
    assert said in str(refused.value)


@pytest.mark.parametrize("text", ["", "[]", "null", '{"columns": 1}'])
def test_what_is_no_mapping_is_refused(text: str) -> None:
    with pytest.raises(DeclarationError, match=r"sources/x\.json"):
        sources.parse("x", text)


def test_two_mappings_for_a_file_are_refused() -> None:
    other = sources.parse("other", json.dumps({**LONG, "files": ["*/heights*"]}))
    with pytest.raises(
        DeclarationError, match=r"sources/tides.json and sources/other.json both take .*heights.csv"
    ):
        sources.choose("tides/heights.csv", [parse(), other])
