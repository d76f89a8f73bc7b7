"""Which messages of a batch a function has failed on.

Source: "Implementing partial batch responses" in the Lambda developer guide.
"""

from __future__ import annotations

import json
from collections.abc import Collection


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
