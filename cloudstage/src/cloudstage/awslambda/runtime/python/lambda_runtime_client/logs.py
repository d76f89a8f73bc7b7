"""Logging as Lambda's Python runtime sets it up.

Every line on standard output or standard error becomes one log event. An event of several lines is written
with carriage returns between them; the reader turns these into line feeds.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import time

_request_id = ""


def begin(request_id: str) -> None:
    """Name the invocation that the following records belong to."""
    global _request_id  # noqa: PLW0603 (one invocation at a time per process, that is the contract of Lambda)
    _request_id = request_id


def write_event(text: str) -> None:
    """Write one log event, which may have several lines."""
    sys.stdout.write(text.rstrip("\n").replace("\n", "\r") + "\n")


def flush() -> None:
    """Hand everything written so far to the operating system."""
    sys.stdout.flush()
    sys.stderr.flush()


class EventHandler(logging.Handler):
    """Writes log records to standard output."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record as one event."""
        write_event(self.format(record))


class TextFormatter(logging.Formatter):
    """Level, time in UTC, request id and message, separated by tabs."""

    converter = staticmethod(time.gmtime)

    def __init__(self) -> None:
        super().__init__(
            "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(request_id)s\t%(message)s", "%Y-%m-%dT%H:%M:%S"
        )

    def format(self, record: logging.LogRecord) -> str:
        """Format ``record`` for the invocation that runs now."""
        record.request_id = _request_id
        return super().format(record)


class JsonFormatter(logging.Formatter):
    """The keys that functions with the log format JSON write."""

    converter = staticmethod(time.gmtime)

    def format(self, record: logging.LogRecord) -> str:
        """Format ``record`` for the invocation that runs now."""
        entry = {
            "timestamp": self.formatTime(record, "%Y-%m-%dT%H:%M:%SZ"),
            "level": record.levelname,
            "message": record.getMessage(),
            "logger": record.name,
            "requestId": _request_id,
        }
        if record.exc_info:
            entry["stackTrace"] = self.formatException(record.exc_info)
        return json.dumps(entry)


def configure() -> None:
    """Install the handler on the root logger, at WARNING or at ``AWS_LAMBDA_LOG_LEVEL``."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace", line_buffering=True)  # type: ignore[union-attr]
    as_json = os.environ.get("AWS_LAMBDA_LOG_FORMAT") == "JSON"
    handler = EventHandler()
    handler.setFormatter(JsonFormatter() if as_json else TextFormatter())
    logging.getLogger().addHandler(handler)
    if level := os.environ.get("AWS_LAMBDA_LOG_LEVEL"):
        logging.getLogger().setLevel({"TRACE": "DEBUG", "FATAL": "CRITICAL"}.get(level, level))
