"""Filter criteria for messages, by the examples of the Lambda developer guide."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cloudstage.awslambda.event_sources.selection import wanted


def matches(body: str, *patterns: object) -> bool:
    criteria = {"Filters": [{"Pattern": json.dumps(pattern)} for pattern in patterns]}
    return wanted({"body": body, "messageAttributes": {}}, criteria)


@pytest.mark.parametrize(
    ("body", "pattern", "expected"),
    [
        ('{"RequestCode": "BBBB"}', {"body": {"RequestCode": ["BBBB"]}}, True),
        ('{"RequestCode": "AAAA"}', {"body": {"RequestCode": ["BBBB"]}}, False),
        ('{"n": 5}', {"body": {"n": [{"numeric": [">", 4]}]}}, True),
        ('{"name": "signals/a"}', {"body": {"name": [{"prefix": "signals/"}]}}, True),
        ("plain text", {"body": {"RequestCode": ["BBBB"]}}, False),
        ("plain text", {"body": ["plain text"]}, True),
        ('{"RequestCode": "BBBB"}', {"body": ["plain text"]}, False),
    ],
)
def test_bodies(body: str, pattern: dict[str, Any], expected: bool) -> None:
    assert matches(body, pattern) is expected


def test_one_filter_of_several_is_enough() -> None:
    assert matches('{"a": 1}', {"body": {"a": [2]}}, {"body": {"a": [1]}})


@pytest.mark.parametrize("criteria", [None, {}, {"Filters": []}])
def test_without_filters_everything_is_wanted(criteria: dict[str, Any] | None) -> None:
    assert wanted({"body": "x"}, criteria)
