"""Gaps in how moto's S3 reads the bodies of objects."""

from __future__ import annotations

from moto.s3.models import FakeKey

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch


@adapter
def etags_are_computed_undisturbed(patch: Patch) -> None:
    """Two threads that read one body must not move each other's position in it.

    moto 5.2.5 reads a body under the object's lock, but computes its ETag without. A request for an object whose
    ETag nobody asked for yet (a server access log) can then be given a part of it, and so could a snapshot.
    """
    original = vars(FakeKey)["etag"].fget

    def etag(self: FakeKey) -> str:
        with self.lock:
            return str(original(self))

    patch.replace(FakeKey, "etag", property(etag))
