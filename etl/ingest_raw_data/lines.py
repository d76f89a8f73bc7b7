"""Physical lines of a raw file: numbered, decoded, none of them lost."""

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from .reasons import ReasonCode, RejectedError

LONGEST_LINE = 1_000_000
"""In bytes; a longer one is rejected, so that a file without line breaks can't fill the memory."""

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_UNREADABLE = (gzip.BadGzipFile, EOFError, zlib.error)


@dataclass(frozen=True)
class Line:
    """One line, without its line break; `rejected` says why it can't be used."""

    number: int
    text: str
    rejected: RejectedError | None = None


def decoded(stream: BinaryIO) -> Iterator[Line]:
    """Read a stream's lines as UTF-8; a byte order mark is dropped.

    A line that is not UTF-8 or is too long comes as a rejected one, its undecodable bytes as ``\\xNN``. If
    the stream breaks off (a damaged gzip file), the last line says so.
    """
    number = 0
    try:
        while content := stream.readline(LONGEST_LINE):
            number += 1
            if number == 1:
                content = content.removeprefix(_BYTE_ORDER_MARK)
            if len(content) == LONGEST_LINE and not content.endswith(b"\n"):
                _skip_line(stream)
                reason = RejectedError(
                    ReasonCode.LINE_TOO_LONG, f"the line is longer than {LONGEST_LINE} bytes"
                )
                yield Line(number, _text(content), reason)
            else:
                yield _decoded(number, content)
    except _UNREADABLE as error:
        reason = RejectedError(
            ReasonCode.FILE_UNREADABLE, f"the file can't be read beyond line {number}: {error}"
        )
        yield Line(number + 1 if number else 0, "", reason)


def _decoded(number: int, content: bytes) -> Line:
    content = content.removesuffix(b"\n").removesuffix(b"\r")
    try:
        return Line(number, content.decode())
    except UnicodeDecodeError as error:
        reason = RejectedError(ReasonCode.NOT_UTF8, f"byte {error.start + 1} of the line is not UTF-8")
        return Line(number, _text(content), reason)


def _text(content: bytes) -> str:
    return content.decode(errors="backslashreplace")


def _skip_line(stream: BinaryIO) -> None:
    while (rest := stream.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
        continue
