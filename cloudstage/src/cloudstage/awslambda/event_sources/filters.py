"""Filter criteria of a mapping: which messages the function gets to see.

Source: "Properly filtering Amazon SQS messages" in the Lambda developer guide.
"""

from __future__ import annotations

import json
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
