"""Objects of the raw zone: immutable content under a key, told apart by their entity tag."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from dst.errors import RawDataError
from dst.s3_uri import S3Uri


@dataclass(frozen=True)
class RawObject:
    """An object as S3 lists it; `etag` without its quotes, `size_bytes` as stored (compressed)."""

    uri: S3Uri
    etag: str
    size_bytes: int


def below(s3: Any, prefix: S3Uri) -> Iterator[RawObject]:
    """List every object below a prefix, in order of its key, but for the empty ones that mark a directory.

    Raises:
        RawDataError: the bucket can't be listed.
    """
    try:
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=prefix.bucket, Prefix=prefix.key):
            for entry in page.get("Contents", []):
                if entry["Size"] or not entry["Key"].endswith("/"):
                    yield RawObject(
                        S3Uri(prefix.bucket, entry["Key"]), entry["ETag"].strip('"'), entry["Size"]
                    )
    except (ClientError, BotoCoreError) as error:
        raise RawDataError(f"can't list {prefix}: {error}") from error
