"""Batches are divided into events that Lambda accepts."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cloudstage.awslambda.event_sources.queues import LARGEST_EVENT, portions


def record(body: str) -> dict[str, Any]:
    return {"body": body, "messageAttributes": {}}


@given(sizes=st.lists(st.integers(0, 1024), max_size=20))
def test_portions_keep_order_and_fit(sizes: list[int]) -> None:
    kibibyte = "x" * 1024
    records = [record(kibibyte * size) for size in sizes]

    divided = list(portions(records))

    assert [entry for portion in divided for entry in portion] == records
    assert all(portion for portion in divided)
    assert all(sum(len(entry["body"]) for entry in portion) <= LARGEST_EVENT for portion in divided)


def test_what_fits_is_one_event() -> None:
    assert [len(portion) for portion in portions([record("x")] * 10)] == [10]
