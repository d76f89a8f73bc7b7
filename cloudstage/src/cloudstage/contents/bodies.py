"""Bodies of S3 objects, kept as files beside the snapshot.

A snapshot of a lake would otherwise write all its data again after each change. A body is written once, named
by the SHA-256 of its content, and leaves the server's memory at the same time.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import tempfile
from pathlib import Path
from typing import IO

from moto.s3.models import FakeKey

INLINE_BYTES = 4096
"""Smaller bodies stay in the snapshot itself: a file each would cost more than it saves."""
CHUNK_BYTES = 1 << 20


class StoredBody:
    """A body in a file, with the methods which moto uses of the ``SpooledTemporaryFile`` it replaces.

    No file stays open: a lake has more objects than a process may have files.
    """

    def __init__(self, path: Path, size: int) -> None:
        self.digest = path.name
        self._path = path
        self._size = size
        self._position = 0
        self._rewritten: IO[bytes] | None = None

    def __reduce__(self) -> tuple[type[StoredBody], tuple[str, int]]:
        """Leave the folder out: ``BodyStore.find`` stands for this class when a snapshot is read."""
        return StoredBody, (self.digest, self._size)

    @property
    def rewritten(self) -> bool:
        """Whether the content is no longer that of the file."""
        return self._rewritten is not None

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move to ``offset``."""
        if self._rewritten is not None:
            return self._rewritten.seek(offset, whence)
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._size}[whence]
        self._position = start + offset
        return self._position

    def read(self, size: int = -1) -> bytes:
        """Read up to ``size`` bytes, all that are left if it is negative."""
        if self._rewritten is not None:
            return self._rewritten.read(size)
        with self._path.open("rb") as file:
            file.seek(self._position)
            data = file.read(size)
        self._position += len(data)
        return data

    def truncate(self, size: int | None = None) -> int:
        """Cut the content off; the file, which other objects may share, stays as it is."""
        return self._copy().truncate(size)

    def write(self, data: bytes) -> int:
        """Write at the position; the file stays as it is."""
        return self._copy().write(data)

    def close(self) -> None:
        """Drop what was written; there is nothing else to close."""
        if self._rewritten is not None:
            self._rewritten.close()

    def _copy(self) -> IO[bytes]:
        if self._rewritten is None:
            self._rewritten = io.BytesIO(self._path.read_bytes())
            self._rewritten.seek(self._position)
        return self._rewritten


class BodyStore:
    """The bodies of one cloudstage, in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._unused: set[str] = set()
        self._unsynced: set[Path] = set()

    def find(self, digest: str, size: int) -> StoredBody:
        """The body stored under ``digest``.

        Raises:
            FileNotFoundError: it is missing, or not as long as it was.
        """
        path = self._path(digest)
        if path.stat().st_size != size:
            raise FileNotFoundError(f"{path} is damaged: it should have {size} bytes")
        return StoredBody(path, size)

    def keep(self, key: FakeKey) -> StoredBody | io.BytesIO:
        """Store the body of an S3 object, if that is not done yet; small ones are returned in memory."""
        with key.lock:
            buffer = key._value_buffer
            if isinstance(buffer, StoredBody) and not buffer.rewritten:
                return buffer
            try:
                buffer.seek(0)
            except ValueError:  # moto closes the buffer of a deleted object
                return io.BytesIO()
            if key.size <= INLINE_BYTES:
                return io.BytesIO(buffer.read())
            stored = self._write(buffer)
            key._value_buffer = stored  # type: ignore[assignment]
            return stored

    def sync(self) -> None:
        """Make what was stored last: a disk may take long for that, and nobody should have to wait."""
        while self._unsynced:
            path = self._unsynced.pop()
            with contextlib.suppress(FileNotFoundError), path.open("rb") as file:
                os.fsync(file.fileno())

    def sweep(self, used: set[str]) -> None:
        """Remove bodies that neither this snapshot nor the one before it used.

        A request that was reading an object while it was deleted still finds its body.
        """
        present = {path.name for path in self._folder.glob("??/*")}
        unused = present - used
        for digest in unused & self._unused:
            self._path(digest).unlink(missing_ok=True)
        self._unused = unused

    def clean(self) -> None:
        """Remove what a server that was killed had begun to write."""
        for path in self._folder.glob("new-*"):
            path.unlink()

    def _path(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest

    def _write(self, content: IO[bytes]) -> StoredBody:
        self._folder.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256()
        with tempfile.NamedTemporaryFile(dir=self._folder, prefix="new-", delete=False) as file:
            size = 0
            while chunk := content.read(CHUNK_BYTES):
                digest.update(chunk)
                size += file.write(chunk)
        path = self._path(digest.hexdigest())
        path.parent.mkdir(exist_ok=True)
        Path(file.name).replace(path)
        self._unsynced.add(path)
        return StoredBody(path, size)
