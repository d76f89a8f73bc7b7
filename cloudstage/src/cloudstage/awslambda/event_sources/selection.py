"""Which records a function gets to see, and which of them it failed on.

Sources: "Control which events Lambda sends to your function" and "Implementing partial batch responses" in the
Lambda developer guide.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any


def wanted(record: dict[str, Any], criteria: dict[str, Any] | None) -> bool:
    """Whether ``record`` matches one of the filters, or there are none."""
    filters = (criteria or {}).get("Filters") or []
    return not filters or any(_matches(record, entry["Pattern"]) for entry in filters)


def _matches(record: dict[str, Any], pattern: str) -> bool:
    from moto.events.models import EventPattern

    body_pattern = json.loads(pattern).get("body")
    candidate: Any = (
        {**record, "body": _structured(record["body"])} if isinstance(body_pattern, dict) else record
    )
    return bool(EventPattern.load(pattern).matches_event(candidate))


def _structured(body: str) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body


def failed_ids(response: bytes, batch: Collection[str]) -> set[str]:
    """The message ids in a function's response ``{"batchItemFailures": [{"itemIdentifier": id}, …]}``.

    No response and an empty list mean success. A response that makes no sense means that the whole ``batch``
    failed, and so does an identifier that is empty or not in the batch.
    """
    try:
        answer = json.loads(response or b"null")
        failures = [] if answer is None else answer.get("batchItemFailures") or []
        identifiers = {failure["itemIdentifier"] for failure in failures}
    except (ValueError, AttributeError, KeyError, TypeError):
        return set(batch)
    return identifiers if identifiers <= set(batch) else set(batch)
