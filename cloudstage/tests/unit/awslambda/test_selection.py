"""Which messages of a batch count as failed."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloudstage.awslambda.event_sources.selection import failed_ids

BATCH = {"a", "b", "c"}


@given(failures=st.sets(st.sampled_from(sorted(BATCH))))
def test_reported_ids_have_failed(failures: set[str]) -> None:
    response = {"batchItemFailures": [{"itemIdentifier": identifier} for identifier in failures]}

    assert failed_ids(json.dumps(response).encode(), BATCH) == failures


@pytest.mark.parametrize(
    "response", ["", "null", "{}", '{"batchItemFailures": null}', '{"batchItemFailures": []}']
)
def test_nothing_reported_is_success(response: str) -> None:
    assert failed_ids(response.encode(), BATCH) == set()


@pytest.mark.parametrize(
    "response",
    [
        "not JSON",
        '"text"',
        "[1]",
        '{"batchItemFailures": [{"id": "a"}]}',
        '{"batchItemFailures": [{"itemIdentifier": ""}]}',
        '{"batchItemFailures": [{"itemIdentifier": null}]}',
        '{"batchItemFailures": [{"itemIdentifier": ["a"]}]}',
        '{"batchItemFailures": [{"itemIdentifier": "somebody else"}]}',
        '{"batchItemFailures": 7}',
    ],
)
def test_a_response_without_sense_fails_the_batch(response: str) -> None:
    assert failed_ids(response.encode(), BATCH) == BATCH


@given(response=st.binary(max_size=30))
def test_any_response_gives_ids_of_the_batch(response: bytes) -> None:
    assert failed_ids(response, BATCH) <= BATCH
