"""Makes moto keep the bodies of objects in the store of a cloudstage, from the moment they arrive."""

from __future__ import annotations

import hashlib
from typing import Any

from moto.s3.models import FakeKey, S3Backend

from cloudstage.contents.bodies import BodyStore, StoredBody
from cloudstage.patching import Patch


class _Source:
    """An object to be copied, whose body is handed over instead of being read."""

    def __init__(self, key: FakeKey, body: StoredBody) -> None:
        self._key = key
        self.value = body

    def __getattr__(self, name: str) -> Any:
        return getattr(self._key, name)


def install(bodies: BodyStore, patch: Patch) -> None:
    """Store each body once, and let copies share it.

    moto 5.2.5 keeps a body in memory or, above 5 MB, in a temporary file that is gone with its process.
    """
    value = vars(FakeKey)["value"]
    copy = S3Backend.copy_object

    def set_value(self: FakeKey, content: bytes | str | StoredBody) -> None:
        if isinstance(content, StoredBody):
            self._value_buffer = StoredBody(content.file)  # type: ignore[assignment]
            self.contentsize = content.file.size
            return
        data = content.encode() if isinstance(content, str) else bytes(content)
        if self._etag is None:
            self._etag = hashlib.md5(data, usedforsecurity=False).hexdigest()
        self._value_buffer = bodies.store(data)  # type: ignore[assignment]
        self.contentsize = len(data)

    def copy_object(self: S3Backend, src_key: FakeKey, *args: Any, **kwargs: Any) -> None:
        body = src_key._value_buffer
        shared = isinstance(body, StoredBody) and not body.rewritten
        copy(self, _Source(src_key, body) if shared else src_key, *args, **kwargs)  # type: ignore[arg-type]

    patch.replace(FakeKey, "value", property(value.fget, set_value))
    patch.replace(S3Backend, "copy_object", copy_object)
