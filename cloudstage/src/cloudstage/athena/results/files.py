"""Result files: CSV for queries, text for everything else, byte for byte as Athena writes them.

Every value of a CSV is quoted, a quote inside is doubled, null is nothing at all (and an empty string is
``""``); lines end with a newline. Text files have a row per line, no header and no newline at the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc

_FIELD = re.compile(rb'(?:"([^"]*(?:""[^"]*)*)")?([,\n])')


def csv_line(values: Sequence[str]) -> bytes:
    """A line of text values, none of them null."""
    return (",".join('"' + value.replace('"', '""') + '"' for value in values) + "\n").encode()


def csv_lines(columns: Sequence[pa.Array]) -> bytes:
    """The lines of columns of text, as ``values.render`` makes them."""
    quoted = [_quoted(column) for column in columns]
    lines = pc.binary_join_element_wise(*quoted, ",", null_handling="replace", null_replacement="")
    ended = pc.binary_join_element_wise(lines, "", "\n")
    return _joined(ended)


def _quoted(column: pa.Array) -> pa.Array:
    escaped = pc.replace_substring(column, '"', '""')
    return pc.binary_join_element_wise('"', escaped, '"', "")


def _joined(texts: pa.Array) -> bytes:
    """The bytes of all strings, one after the other, without making a Python object of each."""
    if len(texts) == 0:
        return b""
    buffers = texts.buffers()
    offsets = memoryview(buffers[1]).cast("i")
    first, last = offsets[texts.offset], offsets[texts.offset + len(texts)]
    return bytes(memoryview(buffers[2])[first:last])


def csv_rows(content: bytes, position: int) -> Iterator[tuple[list[str | None], int]]:
    """The rows of a CSV from a byte position on, each with the position behind it."""
    row: list[str | None] = []
    while position < len(content):
        match = _FIELD.match(content, position)
        if match is None:
            raise ValueError(f"Not a result of a query: byte {position} starts no value")
        value, separator = match.groups()
        row.append(None if value is None else value.replace(b'""', b'"').decode())
        position = match.end()
        if separator == b"\n":
            yield row, position
            row = []


def text_rows(content: bytes, position: int) -> Iterator[tuple[list[str | None], int]]:
    """The rows of a text file from a byte position on; a row is one value, tabs and all."""
    while position < len(content):
        end = content.find(b"\n", position)
        end = len(content) if end < 0 else end
        yield [content[position:end].decode()], end + 1
        position = end + 1


def text_file(rows: Iterable[str]) -> bytes:
    """The file of a SHOW or DESCRIBE."""
    return "\n".join(rows).encode()
