"""Errors of a function in the shape in which Lambda reports them."""

from __future__ import annotations

import traceback
from typing import Any


class RuntimeFaultError(Exception):
    """The runtime can't go on with this function; ``error_type`` is Lambda's name for the reason."""

    def __init__(self, error_type: str, message: str) -> None:
        super().__init__(message)
        self.error_type = error_type


def describe(error: BaseException, request_id: str = "") -> dict[str, Any]:
    """Lambda's error object: errorMessage, errorType, requestId and stackTrace, a list of strings."""
    if isinstance(error, RuntimeFaultError):
        error_type, stack = error.error_type, _user_frames(error.__cause__)
    else:
        error_type, stack = type(error).__name__, _user_frames(error)
    return {"errorMessage": str(error), "errorType": error_type, "requestId": request_id, "stackTrace": stack}


def as_text(error: dict[str, Any]) -> str:
    """The error as Lambda writes it to the log, one event of several lines."""
    heading = f"[ERROR] {error['errorType']}: {error['errorMessage']}"
    if not error["stackTrace"]:
        return heading
    return "\n".join(
        [heading, "Traceback (most recent call last):", *(f.rstrip() for f in error["stackTrace"])]
    )


def _user_frames(error: BaseException | None) -> list[str]:
    """The formatted frames of the user's code, without those of this package and of the import system."""
    if error is None:
        return []
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if not frame.filename.startswith(__file__.removesuffix("errors.py"))
        and "importlib" not in frame.filename
    ]
    return traceback.format_list(frames)
