"""Notes what each request changes in moto's S3, and has it journaled before the client is answered."""

from __future__ import annotations

import functools
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from moto.s3.models import S3Backend

from cloudstage.contents.objects import Kind, ObjectJournal, Thing
from cloudstage.patching import Patch
from cloudstage.serving.gate import WSGIApplication

Find = Callable[..., Thing]
BUCKET_METHODS = re.compile(
    "(create|put|delete)_(bucket|table_storage_bucket|public_access_block|object_lock_configuration)"
)


def _object(_: Any, bucket_name: str, key_name: str, *__: Any, **___: Any) -> Thing:
    return Thing(Kind.OBJECT, bucket_name, key_name)


def _tagged(_: Any, key: Any, *__: Any, **___: Any) -> Thing:
    return Thing(Kind.OBJECT, key.bucket_name, key.name)


def _begun_upload(result: Any, bucket_name: str, *_: Any, **__: Any) -> Thing:
    return Thing(Kind.UPLOAD, bucket_name, result.id)


def _ended_upload(_: Any, bucket_name: str, multipart_id: str, *__: Any, **___: Any) -> Thing:
    return Thing(Kind.UPLOAD, bucket_name, multipart_id)


def _part(_: Any, bucket_name: str, multipart_id: str, part_id: int, *__: Any, **___: Any) -> Thing:
    return Thing(Kind.PART, bucket_name, multipart_id, part_id)


def _copied_part(
    _: Any, dest_bucket_name: str, multipart_id: str, part_id: int, *__: Any, **___: Any
) -> Thing:
    return Thing(Kind.PART, dest_bucket_name, multipart_id, part_id)


def _bucket(_: Any, bucket_name: str, *__: Any, **___: Any) -> Thing:
    return Thing(Kind.BUCKET, bucket_name)


def _table_bucket(result: Any, *_: Any, **__: Any) -> Thing:
    return Thing(Kind.BUCKET, result.name)


def _tagged_bucket(_: Any, arn: str, *__: Any, **___: Any) -> Thing:
    return Thing(Kind.BUCKET, arn.rpartition(":")[2])


METHODS: dict[str, Find] = {
    "put_object": _object,
    "put_object_acl": _object,
    "put_object_legal_hold": _object,
    "put_object_retention": _object,
    "put_object_tagging": _tagged,
    "delete_object": _object,
    "delete_object_tagging": _object,
    "restore_object": _object,
    "create_multipart_upload": _begun_upload,
    "complete_multipart_upload": _ended_upload,
    "abort_multipart_upload": _ended_upload,
    "upload_part": _part,
    "upload_part_copy": _copied_part,
    "create_table_storage_bucket": _table_bucket,
    "tag_resource": _tagged_bucket,
    "untag_resource": _tagged_bucket,
}
"""What each method of moto's that changes something changes, by its result and arguments."""


class Recording:
    """Journals what requests change in S3, each at its end; what another thread changes, at once."""

    def __init__(self, journal: ObjectJournal) -> None:
        self._journal = journal
        self._request = threading.local()

    def install(self, patch: Patch) -> None:
        """Listen to moto's S3, after everything else that changes its methods."""
        others = {name: _bucket for name in dir(S3Backend) if BUCKET_METHODS.match(name)}
        for name, find in (others | METHODS).items():
            patch.replace(S3Backend, name, self._noting(getattr(S3Backend, name), find))

    def around(self, application: WSGIApplication) -> WSGIApplication:
        """``application``, but its answers wait until what they acknowledge is in the journal."""

        def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            with self._one_request():
                return application(environ, start_response)

        return answer

    @contextmanager
    def _one_request(self) -> Iterator[None]:
        changed: dict[Thing, None] = {}
        self._request.things = changed
        try:
            yield
        finally:
            self._request.things = None
            if changed:
                self._journal.record(changed)

    def _noting(self, method: Callable[..., Any], find: Find) -> Callable[..., Any]:
        @functools.wraps(method)
        def noting(backend: S3Backend, *args: Any, **kwargs: Any) -> Any:
            result = method(backend, *args, **kwargs)
            thing = find(result, *args, **kwargs)
            changed = getattr(self._request, "things", None)
            if changed is None:
                self._journal.record([thing])
            else:
                changed[thing] = None
            return result

        return noting
