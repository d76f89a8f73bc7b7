"""Structured logs: one JSON object a line on standard output, each with the job and the run it is of.

CloudWatch Logs Insights reads the fields as they are: ``filter run_id = "jr_…" and level = "ERROR"``.
"""

import json
import logging
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}


class JsonFormatter(logging.Formatter):
    """Formats a record as one JSON object; fields given as ``extra={…}`` become fields of it."""

    def __init__(self, job: str, run_id: str) -> None:
        super().__init__()
        self._identity = {"job": job, "run_id": run_id}

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as a line of JSON without a line break in it."""
        entry: dict[str, Any] = {
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            **self._identity,
            "message": record.getMessage(),
        }
        entry |= {key: value for key, value in record.__dict__.items() if key not in _STANDARD}
        if record.exc_info:
            entry["traceback"] = self.formatException(record.exc_info)
        return json.dumps(entry, default=str, ensure_ascii=False)


def configure(job: str, run_id: str) -> None:
    """Send all logging of this process to standard output, as lines of this run."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonFormatter(job, run_id))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for chatty in ("py4j", "botocore", "boto3", "urllib3"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def summary(fields: Mapping[str, Any]) -> None:
    """Log what a run did, as the one line whose field ``event`` is ``job_summary``."""
    logging.getLogger("dst.job").info("The job has finished", extra={"event": "job_summary", **fields})
