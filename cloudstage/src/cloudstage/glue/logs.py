"""A job run's log files, followed into CloudWatch Logs while they grow."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

log = logging.getLogger(__name__)
EVENTS_AT_ONCE = 1000
BYTES_AT_ONCE = 1_000_000
LONGEST_EVENT = 256_000


class LogStream:
    """One log stream; its group is made if nobody did."""

    def __init__(self, client: Any, group: str, stream: str) -> None:
        self._client, self._group, self._stream = client, group, stream
        for create, names in (
            (client.create_log_group, {"logGroupName": group}),
            (client.create_log_stream, {"logGroupName": group, "logStreamName": stream}),
        ):
            try:
                create(**names)
            except client.exceptions.ResourceAlreadyExistsException:
                pass
            except ClientError as error:  # the role may not: the run goes on without its log, as on AWS
                log.warning("%s", error)

    def write(self, lines: list[str]) -> None:
        """Append one event per line, stamped with the current time."""
        timestamp = round(time.time() * 1000)
        for batch in _batches(lines):
            events = [{"timestamp": timestamp, "message": line} for line in batch]
            self._client.put_log_events(
                logGroupName=self._group, logStreamName=self._stream, logEvents=events
            )


class LogFollower:
    """Copies what is appended to files into log streams, every ``interval`` seconds and once at the end."""

    def __init__(self, files: dict[Path, LogStream], interval: float) -> None:
        self._followed = [_FollowedFile(path, stream) for path, stream in files.items()]
        self._interval = interval
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="glue-logs", daemon=True)

    def __enter__(self) -> LogFollower:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()
        for followed in self._followed:
            followed.finish()

    def _follow(self) -> None:
        while not self._ended.wait(self._interval):
            for followed in self._followed:
                followed.copy()


class _FollowedFile:
    def __init__(self, path: Path, stream: LogStream) -> None:
        self._path, self._stream = path, stream
        self._position = 0
        self._rest = b""

    def copy(self) -> None:
        with contextlib.suppress(FileNotFoundError), self._path.open("rb") as file:
            file.seek(self._position)
            while data := file.read(BYTES_AT_ONCE):
                self._position += len(data)
                *lines, self._rest = (self._rest + data).split(b"\n")
                self._send(lines)

    def finish(self) -> None:
        self.copy()
        self._send([self._rest])

    def _send(self, lines: list[bytes]) -> None:
        texts = [text for line in lines if (text := line.decode("utf-8", errors="replace").rstrip("\r"))]
        try:
            self._stream.write(texts)
        except (
            BotoCoreError,
            ClientError,
        ):  # a log group that Terraform removed meanwhile must not fail the run
            log.warning("Log lines of a Glue job run were lost", exc_info=True)


def _batches(lines: list[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    size = 0
    for line in (line[:LONGEST_EVENT] for line in lines):
        if batch and (len(batch) == EVENTS_AT_ONCE or size + len(line) > BYTES_AT_ONCE):
            yield batch
            batch, size = [], 0
        batch.append(line)
        size += len(line)
    if batch:
        yield batch
