"""A gap in how moto's S3 lists objects."""

from __future__ import annotations

import threading
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator
from typing import Any

from moto.s3 import models
from moto.s3.models import FakeDeleteMarker, FakeKey, FakeTableStorageBucket, S3Backend
from moto.s3.utils import _VersionedKeyStore

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch

Entry = FakeKey | str
"""An object, or the prefix that several have in common."""


class SortedKeys(_VersionedKeyStore):
    """The objects of a bucket, which knows the order of their keys."""

    def __init__(self) -> None:
        super().__init__()
        self._names: list[str] = []
        self._lock = threading.Lock()

    def __setitem__(self, name: str, version: Any) -> None:
        """Add a version."""
        with self._lock:
            self._note(name)
            super().__setitem__(name, version)

    def setlist(self, name: str, versions: Any) -> None:
        """Replace all versions."""
        with self._lock:
            self._note(name)
            super().setlist(name, versions)

    def pop(self, name: str) -> None:  # type: ignore[override]
        """Remove all versions."""
        with self._lock:
            super().pop(name)
            del self._names[bisect_left(self._names, name)]

    def entries(self, prefix: str, delimiter: str | None, after: str) -> Iterator[Entry]:
        """What a client sees below a prefix, in order: objects, and prefixes up to the delimiter.

        Args:
            prefix: how keys begin.
            delimiter: where to stop reading a key.
            after: entries up to this one are left out.
        """
        name = self._next(max(prefix, after), inclusive=prefix > after)
        while name is not None and name.startswith(prefix):
            version = self.get(name)
            end = name.find(delimiter, len(prefix)) if delimiter else -1
            if version is None or isinstance(version, FakeDeleteMarker):
                name = self._next(name, inclusive=False)
            elif end < 0:
                yield version
                name = self._next(name, inclusive=False)
            else:
                common = name[: end + len(delimiter or "")]
                if common > after:
                    yield common
                # The first key that does not begin like this.
                name = self._next(common[:-1] + chr(ord(common[-1]) + 1), inclusive=True)

    def _next(self, name: str, *, inclusive: bool) -> str | None:
        with self._lock:
            find = bisect_left if inclusive else bisect_right
            index = find(self._names, name)
            return self._names[index] if index < len(self._names) else None

    def _note(self, name: str) -> None:
        if name not in self:
            insort(self._names, name)


@adapter
def listing_takes_no_longer_than_its_page(patch: Patch) -> None:
    """What it costs to list a folder depends on how much of it is asked for, not on what is in the bucket.

    moto 5.2.5 goes through the whole bucket for each page. Spark asks for the first two objects below a prefix
    again and again, with each file that it writes. And a folder is gone, as on AWS, when all in it is deleted;
    moto 5.2.5 goes on to list it in a bucket with versions.
    """
    original = S3Backend.list_objects_v2

    def list_objects_v2(  # noqa: PLR0913, PLR0917 (the arguments are moto's)
        self: S3Backend,
        bucket: Any,
        prefix: str | None,
        delimiter: str | None,
        continuation_token: str | None,
        start_after: str | None,
        max_keys: int,
    ) -> tuple[list[Entry], bool, str | None]:
        after = self._pagination_tokens.get(continuation_token) if continuation_token else start_after or ""
        ours = isinstance(bucket.keys, SortedKeys) and not isinstance(bucket, FakeTableStorageBucket)
        if not ours or after is None:
            everything: Any = (prefix, delimiter, continuation_token, start_after, max_keys)
            return original(self, bucket, *everything)  # type: ignore[return-value]
        entries: list[Entry] = []
        for entry in bucket.keys.entries(prefix or "", delimiter, after):
            entries.append(entry)
            if len(entries) > max_keys:
                break
        page: tuple[list[Entry], bool, str | None] = self._truncate_result(entries, max_keys)
        return page

    patch.replace(models, "_VersionedKeyStore", SortedKeys)
    patch.replace(S3Backend, "list_objects_v2", list_objects_v2)
