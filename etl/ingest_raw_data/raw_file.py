"""One raw file: fetched from S3 as a stream and read to its end, whatever is in it."""

import gzip
import io
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, cast

from botocore.exceptions import ClientError

from dst.lake import RawObject

from . import lines, raw_records, records
from .reasons import ReasonCode, RejectedError
from .sources import SourceMapping

_FORMATS = {"csv": raw_records.from_csv, "jsonl": raw_records.from_json_lines}
_ENDINGS = {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl"}
_BUFFER_BYTES = 1 << 20


class FileReplacedError(Exception):
    """The object is gone, or is another one than was listed."""


def fetch(s3: Any, listed: RawObject) -> BinaryIO:
    """Open an object of exactly the content that was listed.

    Raises:
        FileReplacedError: it has been replaced or deleted since.
    """
    try:
        body = s3.get_object(Bucket=listed.uri.bucket, Key=listed.uri.key, IfMatch=listed.etag)["Body"]
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] in (404, 412):
            raise FileReplacedError(
                f"{listed.uri} was replaced or deleted while it was being read"
            ) from error
        raise
    return cast("BinaryIO", io.BufferedReader(_Raw(body.read), _BUFFER_BYTES))


def read(stream: BinaryIO, source_file: str, mapping: SourceMapping) -> Iterator[records.Record]:
    """All records of a file, the rejected ones too; a file that can't be read at all gives one.

    Args:
        stream: the file's bytes as they are in S3.
        source_file: its address, whose ending says format and compression.
        mapping: how it is to be read.
    """
    name = source_file.removesuffix(".gz")
    file_format = mapping.format or next((kind for end, kind in _ENDINGS.items() if name.endswith(end)), None)
    if file_format is None:
        reason = f"the file's name ends with none of {', '.join(_ENDINGS)} (.gz after it is fine)"
        yield records.rejected_file(source_file, mapping, RejectedError(ReasonCode.FORMAT_UNKNOWN, reason))
        return
    content = cast("BinaryIO", gzip.GzipFile(fileobj=stream)) if name != source_file else stream
    for raw in _FORMATS[file_format](lines.decoded(content), mapping):
        yield from records.observations(source_file, raw, mapping)


class _Raw(io.RawIOBase):
    """An object's body as the standard library's buffers want it."""

    def __init__(self, read_bytes: Callable[[int], bytes]) -> None:
        self._read_bytes = read_bytes

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        content = self._read_bytes(len(buffer))
        buffer[: len(content)] = content
        return len(content)
