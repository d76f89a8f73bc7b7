"""Which records a function gets to see, and which of them it failed on.

Sources: "Control which events Lambda sends to your function" and "Implementing partial batch responses" in the
Lambda developer guide.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Collection, Sequence
from typing import Any


def wanted(record: dict[str, Any], criteria: dict[str, Any] | None) -> bool:
    """Whether ``record`` matches one of the filters, or there are none."""
    filters = (criteria or {}).get("Filters") or []
    return not filters or any(_matches(record, entry["Pattern"]) for entry in filters)


def _matches(record: dict[str, Any], pattern: str) -> bool:
    from moto.events.models import EventPattern

    candidate: Any = _candidate(record, json.loads(pattern))
    return bool(EventPattern.load(pattern).matches_event(candidate))


def _candidate(record: dict[str, Any], pattern: dict[str, Any]) -> dict[str, Any]:
    """What the pattern is about: the record; of Kinesis its ``kinesis`` part, with the data decoded."""
    if "kinesis" in record:
        data = base64.b64decode(record["kinesis"]["data"]).decode("utf-8", "replace")
        return {**record["kinesis"], "data": _structured(data)}
    return (
        {**record, "body": _structured(record["body"])} if isinstance(pattern.get("body"), dict) else record
    )


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


def first_failed(response: bytes, batch: Sequence[str]) -> int:
    """The place in ``batch`` of the first record a function failed on; the length of the batch if there is none."""
    failed = failed_ids(response, batch)
    return min((place for place, identifier in enumerate(batch) if identifier in failed), default=len(batch))


def with_followers(records: Sequence[dict[str, Any]], failed: Collection[str]) -> set[str]:
    """``failed`` message ids of a FIFO queue's batch, and those that come after one in its message group."""
    blocked: set[str] = set()
    identifiers = set()
    for record in records:
        group = record["attributes"]["MessageGroupId"]
        if record["messageId"] in failed or group in blocked:
            blocked.add(group)
            identifiers.add(record["messageId"])
    return identifiers
