from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dst.s3_uri import S3Uri


@pytest.mark.parametrize(
    "text", ["", "raw", "s3:/raw", "s3://", "s3:///key", "s3a://raw/", "s3://Raw/x", "s3://r/x"]
)
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="an S3 address"):
        S3Uri.parse(text)


@given(st.from_regex(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", fullmatch=True), st.text())
def test_an_address_is_written_as_it_was_read(bucket: str, key: str) -> None:
    assert str(S3Uri.parse(f"s3://{bucket}/{key}")) == f"s3://{bucket}/{key}"


@pytest.mark.parametrize(
    ("prefix", "child"),
    [("s3://raw", "s3://raw/a"), ("s3://raw/x", "s3://raw/x/a"), ("s3://raw/x/", "s3://raw/x/a")],
)
def test_a_child_is_below_its_prefix(prefix: str, child: str) -> None:
    assert str(S3Uri.parse(prefix).child("a")) == child
