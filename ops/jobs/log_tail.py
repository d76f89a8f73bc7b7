"""The lines of one run in CloudWatch Logs, each given once, also while they are still being written."""

import json
from collections.abc import Iterator
from typing import Any

LOG_FIELDS = frozenset({"timestamp", "level", "job", "run_id", "message", "event"})
"""What every structured log line of a job holds, see `dst.logs`; the rest is what the line is about."""


class LogTail:
    """Reads the streams whose name begins with a run's id.

    Args:
        logs: CloudWatch Logs client.
        groups: log groups; one that does not exist yet counts as empty.
        prefix: of the streams' names.
    """

    def __init__(self, logs: Any, groups: list[str], prefix: str) -> None:
        self._logs = logs
        self._groups = groups
        self._prefix = prefix
        self._tokens: dict[tuple[str, str], str] = {}

    def new_lines(self) -> Iterator[str]:
        """Yield the lines that came since the last call, stream by stream."""
        for group in self._groups:
            for stream in self._streams(group):
                yield from self._read(group, stream)

    def _streams(self, group: str) -> list[str]:
        pages = self._logs.get_paginator("describe_log_streams")
        try:
            found = [
                stream["logStreamName"]
                for page in pages.paginate(logGroupName=group, logStreamNamePrefix=self._prefix)
                for stream in page["logStreams"]
            ]
        except self._logs.exceptions.ResourceNotFoundException:
            return []
        return sorted(found)

    def _read(self, group: str, stream: str) -> Iterator[str]:
        place = {"logGroupName": group, "logStreamName": stream, "startFromHead": True}
        while True:
            token = self._tokens.get((group, stream))
            page = self._logs.get_log_events(**place, **({"nextToken": token} if token else {}))
            for event in page["events"]:
                yield from event["message"].splitlines() or [""]
            self._tokens[group, stream] = page["nextForwardToken"]
            if page["nextForwardToken"] == token or not page["events"]:
                return


def summary_in(line: str) -> dict[str, Any] | None:
    """The job's summary if this log line is it; see `dst.job`."""
    if '"job_summary"' not in line:
        return None
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) and entry.get("event") == "job_summary" else None


def message_in(line: str) -> str:
    """What a job's structured log line says to a person; any other line as it is."""
    try:
        entry = json.loads(line)
    except ValueError:
        return line
    if not isinstance(entry, dict) or "message" not in entry:
        return line
    details = ", ".join(f"{key} {value}" for key, value in entry.items() if key not in LOG_FIELDS)
    return f"{entry['message']} ({details})" if details else str(entry["message"])
