from __future__ import annotations

import gzip
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.ingest_raw_data import lines


def read(content: bytes) -> list[lines.Line]:
    return list(lines.decoded(io.BytesIO(content)))


@given(st.lists(st.text(st.characters(exclude_characters="\n\r\ufeff", codec="utf-8"))))
def test_lines_are_numbered_as_they_are_in_the_file(texts: list[str]) -> None:
    found = read("".join(f"{text}\n" for text in texts).encode())
    assert [(line.number, line.text) for line in found] == list(enumerate(texts, 1))


@given(st.binary())
def test_any_bytes_are_read_and_none_raises(content: bytes) -> None:
    found = read(content)
    assert [line.number for line in found] == list(range(1, len(found) + 1))
    assert len(found) == content.count(b"\n") + (bool(content) and not content.endswith(b"\n"))


def test_line_breaks_of_windows_and_a_byte_order_mark_are_dropped() -> None:
    assert [line.text for line in read(b"\xef\xbb\xbfa\r\nb\r\n")] == ["a", "b"]


def test_a_line_that_is_not_utf8_is_shown_with_its_bytes() -> None:
    good, bad, after = read(b"good\nb\xe9d\nafter\n")
    assert (good.rejected, after.rejected) == (None, None)
    assert bad.text == "b\\xe9d"
    assert bad.rejected is not None
    assert (bad.rejected.code, bad.rejected.reason) == ("not_utf8", "byte 2 of the line is not UTF-8")


def test_a_line_that_is_too_long_is_skipped_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "LONGEST_LINE", 10)
    first, second, last = read(b"x" * 35 + b"\n" + b"y" * 9 + b"\nz")
    assert first.rejected is not None
    assert (first.rejected.code, len(first.text)) == ("line_too_long", 10)
    assert (second.number, second.text, second.rejected) == (2, "y" * 9, None)
    assert (last.number, last.text) == (3, "z")


def test_a_gzip_file_that_breaks_off_keeps_the_lines_before() -> None:
    packed = gzip.compress(b"".join(b"%d,%d\n" % (number, number**7) for number in range(5000)))
    stream = gzip.GzipFile(fileobj=io.BytesIO(packed[: len(packed) // 2]))
    *before, last = lines.decoded(stream)  # type: ignore[arg-type]
    assert len(before) > 100
    assert all(line.rejected is None for line in before)
    assert last.rejected is not None
    assert last.rejected.code == "file_unreadable"
    assert last.number == before[-1].number + 1


def test_a_file_that_is_not_gzip_at_all_is_rejected_as_a_whole() -> None:
    (only,) = lines.decoded(gzip.GzipFile(fileobj=io.BytesIO(b"plain text")))  # type: ignore[arg-type]
    assert only.number == 0
    assert only.rejected is not None
