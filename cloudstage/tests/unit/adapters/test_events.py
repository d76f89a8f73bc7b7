"""Event patterns, with moto as it is and with the adapters."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto.events.models import EventPattern

from cloudstage.adapters import events
from cloudstage.adapters.registry import applied

from .gaps import Adapted, with_and_without

EVENT = {
    "id": "1",
    "account": "123456789012",
    "source": "shop",
    "time": "2026-01-01T00:00:00Z",
    "region": "eu-central-1",
    "resources": [],
    "detail-type": "Order",
    "detail": {"lines": [{"sku": "a", "count": 1}, {"sku": "b", "count": 2}], "returns": []},
}


def matches(detail: dict[str, Any]) -> bool:
    return EventPattern.load(json.dumps({"detail": detail})).matches_event(EVENT)  # type: ignore[arg-type]


@with_and_without(events.patterns_look_into_arrays)
def test_a_pattern_matches_one_element_of_an_array(adapted: Adapted) -> None:
    with adapted:
        assert matches({"lines": {"sku": ["b"]}})
        assert matches({"lines.sku": ["b"]})
        assert matches({"lines": {"sku": ["b"], "count": [{"numeric": [">", 1]}]}})
        assert matches({"$or": [{"other": ["x"]}, {"lines": {"sku": [{"prefix": "a"}]}}]})
        assert not matches({"lines": {"sku": ["a"], "count": [2]}})
        assert not matches({"lines": {"sku": ["c"]}})
        assert matches({"returns": [{"exists": False}]})


@with_and_without(events.patterns_are_tested)
def test_a_pattern_is_tested(client: Callable[[str], Any], adapted: Adapted) -> None:
    bus = client("events")
    with adapted:
        for source, expected in (("shop", True), ("bank", False)):
            answer = bus.test_event_pattern(
                EventPattern=json.dumps({"source": [source]}), Event=json.dumps(EVENT)
            )
            assert answer["Result"] is expected
        with pytest.raises(ClientError, match="Parameter Event is not valid"):
            bus.test_event_pattern(EventPattern='{"source": ["shop"]}', Event="{}")


@with_and_without(events.patterns_are_checked)
def test_a_wrong_pattern_is_refused(client: Callable[[str], Any], adapted: Adapted) -> None:
    wrong = {
        '{"source": [{"PREFIX": "a"}]}': "Unrecognized match type PREFIX",
        '{"source": [{"prefix": 1}]}': "prefix match pattern must be a string",
        '{"detail": {"n": [{"numeric": [">", 0, ">", 1]}]}}': "Bad numeric range operator: >",
        '{"detail": {"n": [{"numeric": [">"]}]}}': "Value of > must be numeric",
        '{"detail": {"ip": [{"cidr": "10.0.0.0"}]}}': "Malformed CIDR",
        '{"source": [{"wildcard": "a**"}]}': "Consecutive wildcard characters at pos 2",
        '{"source": [{"anything-but": {"suffix": ""}}]}': "Null prefix/suffix not allowed",
        '["source"]': "Filter is not an object",
    }
    with adapted:
        for pattern, reason in wrong.items():
            with pytest.raises(ClientError, match=reason):
                client("events").put_rule(Name="wrong", EventPattern=pattern)


@pytest.mark.parametrize(
    "comparison",
    [
        {"exists": False},
        {"prefix": {"equals-ignore-case": "a"}},
        {"numeric": [">", 0, "<=", 5.5]},
        {"anything-but": ["a", 1]},
        {"anything-but": {"prefix": ["a", "b"]}},
        {"cidr": "2001:db8::/32"},
        {"wildcard": "a*b*c"},
        "text",
        None,
    ],
    ids=str,
)
def test_a_legal_comparison_is_accepted(client: Callable[[str], Any], comparison: Any) -> None:
    pattern = json.dumps({"detail": {"field": [comparison]}})
    with applied(events.patterns_are_checked):
        client("events").put_rule(Name="legal", EventPattern=pattern)


@with_and_without(events.schedules_are_checked)
def test_a_wrong_schedule_is_refused(client: Callable[[str], Any], adapted: Adapted) -> None:
    wrong = (
        "rate(0 minutes)",
        "rate(1 minutes)",
        "rate(5 minute)",
        "cron(0 1 * * * *)",
        "cron(61 1 * * ? *)",
        "cron(0 1 * * ?)",
        "cron(0 1 ? * NOON *)",
    )
    with adapted:
        for schedule in wrong:
            with pytest.raises(ClientError, match="Parameter ScheduleExpression is not valid"):
                client("events").put_rule(Name="wrong", ScheduleExpression=schedule)


@pytest.mark.parametrize(
    "schedule",
    [
        "rate(1 hour)",
        "rate(5 minutes)",
        "cron(0/15 8-17 ? * MON-FRI *)",
        "cron(5,35 14 * * ? 2026-2030)",
        "cron(0 2 ? JAN,JUL 6L *)",
        "cron(0 2 ? * SAT#3 *)",
        "cron(0 2 LW * ? *)",
    ],
)
def test_a_legal_schedule_is_accepted(client: Callable[[str], Any], schedule: str) -> None:
    with applied(events.schedules_are_checked):
        client("events").put_rule(Name="legal", ScheduleExpression=schedule)
