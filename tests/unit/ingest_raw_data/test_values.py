"""Texts to values: strict, and never an exception that is not a reason."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.ingest_raw_data import values
from etl.ingest_raw_data.reasons import ReasonCode, RejectedError

ANYTHING = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.integers(), max_size=2)
)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_finite_number_survives_as_text_and_as_json(number: float) -> None:
    assert values.number(repr(number)) == number
    assert values.number(f"  {number!r}\t") == number
    assert values.number(number) == number


def outcome(read: Callable[..., Any], *fields: object) -> Any:
    """The value, or the code of the reason why there is none."""
    try:
        return read(*fields)
    except RejectedError as rejected:
        return rejected.code


@given(ANYTHING)
def test_a_number_is_finite_or_has_a_reason(field: object) -> None:
    found = outcome(values.number, field)
    assert found.startswith("value_") if isinstance(found, ReasonCode) else math.isfinite(found)


@pytest.mark.parametrize(
    ("field", "code"),
    [
        (None, ReasonCode.VALUE_MISSING),
        ("", ReasonCode.VALUE_MISSING),
        ("  ", ReasonCode.VALUE_MISSING),
        ("NA", ReasonCode.VALUE_MISSING),
        ("1,5", ReasonCode.VALUE_NOT_A_NUMBER),
        ("1_000", ReasonCode.VALUE_NOT_A_NUMBER),
        ("0x10", ReasonCode.VALUE_NOT_A_NUMBER),
        ("1.5d", ReasonCode.VALUE_NOT_A_NUMBER),
        ("٣", ReasonCode.VALUE_NOT_A_NUMBER),
        (".", ReasonCode.VALUE_NOT_A_NUMBER),
        (True, ReasonCode.VALUE_NOT_A_NUMBER),
        ([1], ReasonCode.VALUE_NOT_A_NUMBER),
        ("NaN", ReasonCode.VALUE_NOT_FINITE),
        ("-Infinity", ReasonCode.VALUE_NOT_FINITE),
        ("1e999", ReasonCode.VALUE_NOT_FINITE),
        (10**400, ReasonCode.VALUE_NOT_FINITE),
        (math.nan, ReasonCode.VALUE_NOT_FINITE),
    ],
)
def test_what_is_no_number_has_its_reason(field: object, code: ReasonCode) -> None:
    with pytest.raises(RejectedError) as rejected:
        values.number(field, missing=["NA"])
    assert rejected.value.code is code


@given(st.datetimes(), st.none() | st.integers(-14 * 60, 14 * 60))
def test_every_iso_time_is_read_in_utc(moment: datetime, offset: int | None) -> None:
    if offset is None:
        assert values.time(moment.isoformat(), None) == moment
        return
    zoned = moment.replace(tzinfo=timezone(timedelta(minutes=offset)))
    try:
        expected = moment - timedelta(minutes=offset)
    except OverflowError:
        with pytest.raises(RejectedError):
            values.time(zoned.isoformat(), None)
        return
    assert values.time(zoned.isoformat(), None) == expected


@pytest.mark.parametrize(
    ("text", "time_format", "expected"),
    [
        ("19580329", "%Y%m%d", datetime(1958, 3, 29)),
        ("1950 02", "%Y %m", datetime(1950, 2, 1)),
        ("1700", "%Y", datetime(1700, 1, 1)),
        ("2024-01-01T00:00:00Z", None, datetime(2024, 1, 1)),
        ("2024-01-01 12:00", None, datetime(2024, 1, 1, 12)),
        ("01/02/2024 10:00 +0200", "%d/%m/%Y %H:%M %z", datetime(2024, 2, 1, 8)),
    ],
)
def test_formats_of_time(text: str, time_format: str | None, expected: datetime) -> None:
    assert values.time(text, time_format) == expected


@pytest.mark.parametrize(
    ("text", "code"), [("", "time_missing"), ("2024-02-30", "time_invalid"), ("x", "time_invalid")]
)
def test_what_is_no_time_has_its_reason(text: str, code: str) -> None:
    with pytest.raises(RejectedError) as rejected:
        values.time(text, None)
    assert rejected.value.code == code


@given(st.text(), st.sampled_from([None, "%Y", "%Y%m%d", "%Y %m", "%d.%m.%Y %H:%M:%S"]))
def test_a_time_is_read_or_has_a_reason(text: str, time_format: str | None) -> None:
    found = outcome(values.time, text, time_format)
    assert found.startswith("time_") if isinstance(found, ReasonCode) else found.tzinfo is None


@given(ANYTHING)
def test_a_name_is_printable_or_has_a_reason(field: object) -> None:
    for read in (values.signal_name, values.unit):
        found = outcome(read, field)
        if isinstance(found, ReasonCode):
            assert found.endswith(("_missing", "_invalid"))
        else:
            assert 1 <= len(found) <= 128
            assert found == found.strip()


def test_a_reason_quotes_the_text_escaped_and_cut() -> None:
    with pytest.raises(RejectedError) as rejected:
        values.number("a\n" + "x" * 1000)
    assert rejected.value.reason.startswith("the value 'a\\nxxx")
    assert len(rejected.value.reason) < 150
