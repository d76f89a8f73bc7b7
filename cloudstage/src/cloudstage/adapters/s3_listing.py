"""Gaps in how moto's S3 lists objects."""

from __future__ import annotations

from typing import Any

from moto.s3.models import FakeBucket, FakeTableStorageBucket, S3Backend
from moto.s3.utils import _VersionedKeyStore

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch


class _Part:
    """The objects of a bucket whose keys begin with a prefix."""

    def __init__(self, bucket: FakeBucket, prefix: str) -> None:
        everything = dict(bucket.keys)
        self.keys = _VersionedKeyStore(
            {name: everything[name] for name in everything if name.startswith(prefix)}
        )


@adapter
def only_the_prefix_is_listed(patch: Patch) -> None:
    """What it costs to list a folder does not depend on what else is in the bucket.

    moto 5.2.5 takes every object of the bucket in its hands, which is slow: Spark asks for the few objects below
    a prefix again and again, with each file that it writes.
    """
    original = S3Backend.list_objects

    def list_objects(self: S3Backend, bucket: Any, prefix: str | None, *args: Any, **kwargs: Any) -> Any:
        if prefix and not isinstance(bucket, FakeTableStorageBucket):
            bucket = _Part(bucket, prefix)
        return original(self, bucket, prefix, *args, **kwargs)

    patch.replace(S3Backend, "list_objects", list_objects)
