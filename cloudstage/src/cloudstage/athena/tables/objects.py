"""The cloudstage's own S3 objects, read where moto keeps them.

Queries read many small objects (an Iceberg table of 30 files is about 100 reads). A request to the cloudstage's
own endpoint costs some 5 ms each, a look into moto's backend almost nothing. Writes do go through the
endpoint: events, versions and encryption apply to them.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from moto.s3.exceptions import MissingBucket
from moto.s3.models import FakeDeleteMarker, FakeKey, S3Backend, s3_backends
from moto.utilities.utils import get_partition


@dataclass(frozen=True)
class StoredObject:
    """An object: ``uri`` is ``s3://bucket/key``, ``size`` is in bytes."""

    uri: str
    size: int
    modified: datetime.datetime


def split_uri(uri: str) -> tuple[str, str]:
    """Bucket and key of ``s3://bucket/key`` (s3a and s3n too)."""
    bucket, _, key = uri.partition("://")[2].partition("/")
    return bucket, key


class StageObjects:
    """Read access to all objects of one cloudstage."""

    def __init__(self, account_id: str, region: str) -> None:
        self._account_id = account_id
        self._partition = get_partition(region)

    @property
    def _backend(self) -> S3Backend:
        return s3_backends[self._account_id][self._partition]

    def read(self, uri: str) -> bytes:
        """The content of an object; FileNotFoundError says its address."""
        return bytes(self._key(uri).value)

    def size(self, uri: str) -> int:
        """The size of an object in bytes; FileNotFoundError says its address."""
        return int(self._key(uri).size)

    def exists(self, uri: str) -> bool:
        """Whether there is such an object."""
        try:
            self._key(uri)
        except FileNotFoundError:
            return False
        return True

    def bucket_exists(self, name: str) -> bool:
        """Whether there is such a bucket."""
        try:
            self._backend.get_bucket(name)
        except MissingBucket:
            return False
        return True

    def under(self, uri: str) -> Iterator[StoredObject]:
        """The objects below a prefix, sorted by key; nothing if the bucket is missing."""
        bucket_name, prefix = split_uri(uri)
        if not self.bucket_exists(bucket_name):
            return
        bucket = self._backend.get_bucket(bucket_name)
        names = sorted(name for name in list(bucket.keys.keys()) if name.startswith(prefix))
        for name in names:
            key = bucket.keys.get(name)
            if isinstance(key, FakeKey):
                yield StoredObject(f"s3://{bucket_name}/{name}", int(key.size), key.last_modified)

    def _key(self, uri: str) -> FakeKey:
        bucket, name = split_uri(uri)
        try:
            key = self._backend.get_object(bucket, name)
        except MissingBucket as error:
            raise FileNotFoundError(f"There is no bucket {bucket} (of {uri})") from error
        if key is None or isinstance(key, FakeDeleteMarker):
            raise FileNotFoundError(f"There is no object {uri}")
        return key


def is_s3(uri: str) -> bool:
    """Whether an address is one of S3."""
    return urlsplit(uri).scheme in {"s3", "s3a", "s3n"}
