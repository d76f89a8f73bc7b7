"""Which bucket and object a request to S3 is about, as moto sees it."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from moto.s3.models import FakeBucket, s3_backends
from moto.utilities.utils import PARTITION_NAMES

_VIRTUAL_HOST = re.compile(r"(?P<bucket>[a-z0-9][a-z0-9-]{1,61}[a-z0-9])\.localhost(:\d+)?")


class S3Target(NamedTuple):
    """The bucket and the key that a request names; the key is empty for a request about the bucket."""

    bucket: FakeBucket
    key: str


def bucket_of_host(environ: dict[str, Any]) -> str | None:
    """The bucket in the header Host of a virtual-hosted request, such as ``lake.localhost:4566``."""
    host = _VIRTUAL_HOST.fullmatch(environ.get("HTTP_HOST", ""))
    return host["bucket"] if host else None


def s3_target(environ: dict[str, Any], account_id: str) -> S3Target | None:
    """The bucket and key of a request; None if there is no such bucket, or the request is not for S3."""
    name = bucket_of_host(environ)
    path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace").removeprefix("/")
    if name is None:
        name, _, path = path.partition("/")
    for partition in PARTITION_NAMES:
        backends = s3_backends[account_id]
        if partition in backends and (bucket := backends[partition].buckets.get(name)):
            return S3Target(bucket, path)
    return None
