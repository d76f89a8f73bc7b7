"""Bodies of S3 objects, kept as files beside the snapshot.

A body is written once, when it arrives, and named by the SHA-256 of its content: neither a snapshot nor the
journal repeats it, a copy of an object costs no more than its name, and a lake need not fit into memory.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import tempfile
import threading
import weakref
from collections import deque
from pathlib import Path
from typing import IO

from moto.s3.models import FakeKey

INLINE_BYTES = 4096
"""Smaller bodies stay in memory and in the journal: a file each would cost more than it saves."""


class BodyFile:
    """The file of one body, in use as long as any object refers to it."""

    def __init__(self, path: Path, size: int, unused: deque[str]) -> None:
        self.path = path
        self.size = size
        self._unused = unused

    def __del__(self) -> None:
        """Let the store know; it may be in the middle of anything, so that is all."""
        self._unused.append(self.path.name)


class StoredBody:
    """A body in a file, with the methods which moto uses of the ``SpooledTemporaryFile`` it replaces.

    No file stays open: a lake has more objects than a process may have files.
    """

    def __init__(self, file: BodyFile) -> None:
        self.file = file
        self._position = 0
        self._rewritten: IO[bytes] | None = None

    def __reduce__(self) -> tuple[type[StoredBody], tuple[str, int]]:
        """Leave the folder out: ``BodyStore.find`` stands for this class when a snapshot is read."""
        return StoredBody, (self.digest, self.file.size)

    @property
    def digest(self) -> str:
        """The SHA-256 of the content, in hexadecimal."""
        return self.file.path.name

    @property
    def rewritten(self) -> bool:
        """Whether the content is no longer that of the file."""
        return self._rewritten is not None

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move to ``offset``."""
        if self._rewritten is not None:
            return self._rewritten.seek(offset, whence)
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self.file.size}[whence]
        self._position = start + offset
        return self._position

    def read(self, size: int = -1) -> bytes:
        """Read up to ``size`` bytes, all that are left if it is negative."""
        if self._rewritten is not None:
            return self._rewritten.read(size)
        with self.file.path.open("rb", buffering=0) as file:
            file.seek(self._position)
            data = file.read(size) or b""
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
            self._rewritten = io.BytesIO(self.file.path.read_bytes())
            self._rewritten.seek(self._position)
        return self._rewritten


class BodyStore:
    """The bodies of one cloudstage, in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._files: weakref.WeakValueDictionary[str, BodyFile] = weakref.WeakValueDictionary()
        self._unused: deque[str] = deque()
        self._due: set[str] = set()
        self._unsynced: set[Path] = set()

    def find(self, digest: str, size: int) -> StoredBody:
        """The body stored under ``digest``.

        Raises:
            FileNotFoundError: it is missing, or not as long as it was.
        """
        path = self._path(digest)
        if path.stat().st_size != size:
            raise FileNotFoundError(f"{path} is damaged: it should have {size} bytes")
        with self._lock:
            return StoredBody(self._use(path, size))

    def store(self, content: bytes) -> StoredBody | io.BytesIO:
        """Keep ``content``: it outlives this process when this returns. Small ones are returned in memory."""
        if len(content) <= INLINE_BYTES:
            return io.BytesIO(content)
        path = self._path(hashlib.sha256(content).hexdigest())
        with self._lock:
            known = self._files.get(path.name)
        if known is not None:
            return StoredBody(known)
        written = self._write(content)
        path.parent.mkdir(exist_ok=True)
        with self._lock:
            written.replace(path)
            self._unsynced.add(path)
            return StoredBody(self._use(path, len(content)))

    def keep(self, key: FakeKey) -> StoredBody | io.BytesIO:
        """The body of an S3 object in a form that can be pickled."""
        with key.lock:
            buffer = key._value_buffer
            if key.disposed:  # moto closes the buffer of a deleted object, and of the parts of a whole one
                return io.BytesIO()
            if isinstance(buffer, StoredBody) and not buffer.rewritten:
                return buffer
            buffer.seek(0)
            kept = self.store(buffer.read())
            key._value_buffer = kept  # type: ignore[assignment]
            return kept

    def sync(self) -> None:
        """Make what was stored last: a disk may take long for that, and nobody should have to wait."""
        while self._unsynced:
            path = self._unsynced.pop()
            with contextlib.suppress(FileNotFoundError), path.open("rb") as file:
                os.fsync(file.fileno())

    def sweep(self) -> None:
        """Remove bodies that no object has needed since the call before this one.

        What was written to the disk before that call may still refer to them.
        """
        with self._lock:
            for digest in self._due:
                if digest not in self._files:
                    self._path(digest).unlink(missing_ok=True)
            self._due = {self._unused.popleft() for _ in range(len(self._unused))}

    def clean(self) -> None:
        """Remove what nothing refers to once the contents are restored: remains of a server that was killed."""
        for path in self._folder.glob("new-*"):
            path.unlink()
        for path in self._folder.glob("??/*"):
            if path.name not in self._files:
                path.unlink()

    def _use(self, path: Path, size: int) -> BodyFile:
        file = self._files.get(path.name)
        if file is None:
            file = self._files[path.name] = BodyFile(path, size, self._unused)
        return file

    def _path(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest

    def _write(self, content: bytes) -> Path:
        self._folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self._folder, prefix="new-", delete=False) as file:
            try:
                file.write(content)
                file.flush()
            except OSError:
                Path(file.name).unlink()
                raise
        return Path(file.name)
