"""A file that only grows: each record is on the disk's side of the process before its writer goes on.

A record is in the kernel's page cache when ``append`` returns, so that it survives the end of the process by
whatever cause; it reaches the disk with the next ``sync``. A record that was being written when the process
was killed is dropped when the journal is read.

Format: files numbered upwards, each a line of JSON about its writer, then records: length and CRC-32, both
32 bits in network order, and the content. A file that is marked complete stands for all before it.
"""

from __future__ import annotations

import contextlib
import json
import os
import struct
import threading
import zlib
from collections.abc import Callable, Generator, Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

PREFIX = struct.Struct("!II")


class DamagedError(Exception):
    """A file of the journal is not as it was written; the message says which and why."""


class Journal:
    """The journal in ``folder``.

    Args:
        folder: made when needed.
        writer: facts about this program; a journal that was written by another one is refused.
    """

    def __init__(self, folder: Path, writer: dict[str, Any]) -> None:
        self.folder = folder
        self._writer = writer
        self._lock = threading.Lock()
        self._number = 0
        self._file: BinaryIO | None = None
        self._size = 0
        self._kept = 0
        self._size_before = 0

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return self._size_before + self._size

    @property
    def size_when_compacted(self) -> int:
        """How many of them were written by ``compact``."""
        return self._kept

    def read(self) -> Iterator[bytes]:
        """All records, oldest first; call it once, before the first ``append``.

        Raises:
            DamagedError: a file is damaged otherwise than by a kill, or was written by another program.
        """
        for path in self.folder.glob("*.new"):
            path.unlink()
        paths = sorted(self.folder.glob("*.journal"))
        complete = max((i for i, path in enumerate(paths) if self._header(path).get("complete")), default=0)
        for path in paths[:complete]:
            path.unlink()
        for path in paths[complete:]:
            data = path.read_bytes()
            end = yield from _records(path, data)
            if end < len(data):
                os.truncate(path, end)
            self._size_before += end
            self._number = int(path.stem)
            if path == paths[complete]:
                self._kept = end

    def append(self, record: bytes) -> None:
        """Add a record.

        Raises:
            OSError: it can't be written. The journal is as it was before.
        """
        data = PREFIX.pack(len(record), zlib.crc32(record)) + record
        with self._lock:
            file = self._file or self._begin()
            try:
                _write(file, data)
            except OSError:
                with contextlib.suppress(OSError):
                    file.truncate(self._size)
                file.close()
                self._end()
                raise
            self._size += len(data)

    def sync(self) -> None:
        """Make what was appended last, also if the machine loses power."""
        with self._lock:
            descriptor = os.dup(self._file.fileno()) if self._file else None
        if descriptor is not None:
            os.fsync(descriptor)
            os.close(descriptor)

    def compact(self, rewrite: Callable[[Iterable[bytes]], Iterable[bytes]]) -> None:
        """Replace the records so far by what ``rewrite`` makes of them; others may append meanwhile."""
        with self._lock:
            if self._file:
                self._file.close()
            self._end()
            last, size = self._number, self._size_before
            self._begin()
        paths = [path for path in sorted(self.folder.glob("*.journal")) if int(path.stem) <= last]
        if not paths:
            return
        records = (record for path in paths for record in _records(path, path.read_bytes()))
        temporary = self.folder / "compacted.new"
        with temporary.open("wb") as file:
            file.write(self._first_line(complete=True))
            for record in rewrite(records):
                file.write(PREFIX.pack(len(record), zlib.crc32(record)) + record)
            file.flush()
            os.fsync(file.fileno())
            self._kept = file.tell()
        temporary.replace(paths[-1])
        for path in paths[:-1]:
            path.unlink()
        with self._lock:
            self._size_before += self._kept - size

    def _begin(self) -> BinaryIO:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._number += 1
        file = (self.folder / f"{self._number:08}.journal").open("xb", buffering=0)
        line = self._first_line(complete=False)
        _write(file, line)
        self._file, self._size = file, len(line)
        return file

    def _end(self) -> None:
        self._file = None
        self._size_before += self._size
        self._size = 0

    def _first_line(self, *, complete: bool) -> bytes:
        return json.dumps(self._writer | {"complete": complete}).encode() + b"\n"

    def _header(self, path: Path) -> dict[str, Any]:
        with path.open("rb") as file:
            line = file.readline()
        if not line.endswith(b"\n"):  # killed before the first record
            return {}
        try:
            header: dict[str, Any] = json.loads(line)
        except ValueError:
            raise DamagedError(f"{path} is damaged") from None
        if {name: header.get(name) for name in self._writer} != self._writer:
            raise DamagedError(f"{path} was written by another version ({line.decode().strip()})")
        return header


def _records(path: Path, data: bytes) -> Generator[bytes, None, int]:
    """The records in ``data``; returns where the last whole one ends."""
    position = data.find(b"\n") + 1
    while len(data) - position >= PREFIX.size:
        length, checksum = PREFIX.unpack_from(data, position)
        end = position + PREFIX.size + length
        if end > len(data):
            return position
        record = data[position + PREFIX.size : end]
        if zlib.crc32(record) != checksum:
            if end == len(
                data
            ):  # the file grew, and its content did not reach the disk before the power went
                return position
            raise DamagedError(f"{path} is damaged at byte {position}")
        yield record
        position = end
    return position


def _write(file: BinaryIO, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[file.write(view) :]
