"""Regression: a handler that returned inside the loop, and one that swallowed errors, lost messages."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dst.messages import Message, handle_each


def event(bodies: list[str]) -> dict[str, Any]:
    return {"Records": [{"messageId": str(place), "body": body} for place, body in enumerate(bodies)]}


@given(st.lists(st.booleans(), max_size=10))
def test_each_message_is_either_handled_or_reported(fates: list[bool]) -> None:
    handled: list[str] = []

    def handle(message: Message) -> None:
        if not json.loads(message.body):
            raise ValueError("bad message")
        handled.append(message.message_id)

    batch = handle_each(event([json.dumps(fate) for fate in fates]), handle)
    assert handled == [str(place) for place, good in enumerate(fates) if good]
    assert batch.failed == [str(place) for place, good in enumerate(fates) if not good]


def test_a_failure_is_logged_with_its_message_id(caplog: pytest.LogCaptureFixture) -> None:
    def handle(message: Message) -> None:
        raise KeyError(message.body)

    handle_each(event(["x"]), handle)
    (record,) = caplog.records
    assert record.message_id == "0"  # type: ignore[attr-defined]
    assert record.exc_info is not None


def test_an_event_that_is_no_batch_fails_as_a_whole() -> None:
    with pytest.raises(KeyError):
        handle_each({"Records": [{"body": "no id to report"}]}, print)
