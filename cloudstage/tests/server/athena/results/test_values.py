from __future__ import annotations

import struct

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloudstage.athena.results.values import java_number, render


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.0, "0.0"),
        (-0.0, "-0.0"),
        (100.0, "100.0"),
        (9999999.0, "9999999.0"),
        (1e7, "1.0E7"),
        (123456789.125, "1.23456789125E8"),
        (0.001, "0.001"),
        (0.000999, "9.99E-4"),
        (-1.5e-7, "-1.5E-7"),
        (5e-324, "5.0E-324"),
        (float("nan"), "NaN"),
        (float("-inf"), "-Infinity"),
    ],
)
def test_numbers_are_written_as_java_writes_them(number: float, text: str) -> None:
    assert java_number(repr(number)) == text


@given(st.floats(allow_nan=False))
def test_any_number_can_be_read_back(number: float) -> None:
    assert float(java_number(repr(number)).replace("Infinity", "inf")) == number


@given(st.floats(allow_nan=False, width=32))
def test_short_numbers_have_short_texts(number: float) -> None:
    text = str(render(pa.array([number], pa.float32()), "ms")[0]).replace("Infinity", "inf")
    assert struct.pack("f", float(text)) == struct.pack("f", number)


@pytest.mark.parametrize(
    ("kind", "zone", "text"),
    [
        (pa.timestamp("s"), None, "1970-01-01 00:16:40"),
        (pa.timestamp("ms"), None, "1970-01-01 00:16:40.000"),
        (pa.timestamp("us"), None, "1970-01-01 00:16:40.000000"),
        (pa.timestamp("us", "UTC"), None, "1970-01-01 00:16:40.000 UTC"),
        (pa.timestamp("us"), "Asia/Tokyo", "1970-01-01 00:16:40.000 Asia/Tokyo"),
    ],
)
def test_the_precision_of_a_timestamp_is_that_of_its_type(
    kind: pa.DataType, zone: str | None, text: str
) -> None:
    moment = pa.array([1000], pa.timestamp("s")).cast(pa.timestamp(kind.unit)).view(kind)
    assert str(render(moment, "ms", zone)[0]) == text
