from __future__ import annotations

import datetime

import pytest

from cloudstage.athena.sql.java_time import to_strftime

MOMENT = datetime.datetime(2024, 5, 7, 13, 4, 9)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("yyyy-MM-dd", "2024-05-07"),
        ("yyyyMMddHHmmss", "20240507130409"),
        ("yyyy/MM/dd/HH", "2024/05/07/13"),
        ("'day' dd''MM % yy", "day 07'05 % 24"),
        ("hh:mm a, EEEE", "01:04 PM, Tuesday"),
    ],
)
def test_patterns_give_the_same_text_as_in_java(pattern: str, text: str) -> None:
    assert MOMENT.strftime(to_strftime(pattern)) == text


def test_an_unknown_directive_is_named() -> None:
    with pytest.raises(ValueError, match="QQ in the date pattern"):
        to_strftime("yyyy-QQ")
