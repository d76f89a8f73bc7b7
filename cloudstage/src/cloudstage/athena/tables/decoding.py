"""Rows of text files as the SerDe of a table reads them: each value as text, or null."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pyarrow as pa

from cloudstage.athena.errors import QueryFailed, not_supported
from cloudstage.athena.tables.catalog import GlueTable

Row = Sequence[str | None]
Decoder = Callable[[bytes, str], Iterator[Row]]

LAZY_SIMPLE = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"
OPEN_CSV = "org.apache.hadoop.hive.serde2.OpenCSVSerde"
JSON_SERDES = {
    "org.apache.hive.hcatalog.data.JsonSerDe",
    "org.apache.hadoop.hive.serde2.JsonSerDe",
    "org.openx.data.jsonserde.JsonSerDe",
}


def decoder(table: GlueTable) -> Decoder | None:
    """What reads the rows of a file of ``table``; None if its files are not text."""
    serde = (table.storage.get("SerdeInfo") or {}).get("SerializationLibrary")
    if serde in JSON_SERDES:
        return _json(table)
    if serde == LAZY_SIMPLE:
        return _delimited(table)
    if serde == OPEN_CSV:
        return _quoted(table)
    return None


def decompressed(content: bytes, uri: str) -> bytes:
    """The content of a file by the ending of its name, as Hive does it."""
    if uri.endswith(".gz"):
        return gzip.decompress(content)
    if uri.endswith(".bz2"):
        return bz2.decompress(content)
    if uri.endswith(".zst"):
        return bytes(pa.CompressedInputStream(pa.BufferReader(content), "zstd").read())
    if uri.endswith((".snappy", ".lzo", ".deflate")):
        raise not_supported(f"A cloudstage can't decompress {uri}")
    return content


def _serde_parameters(table: GlueTable) -> dict[str, str]:
    return (table.storage.get("SerdeInfo") or {}).get("Parameters") or {}


def _header_lines(table: GlueTable) -> int:
    name = "skip.header.line.count"
    return int(table.parameters.get(name) or _serde_parameters(table).get(name) or 0)


def _json(table: GlueTable) -> Decoder:
    parameters = {name.lower(): value.lower() for name, value in _serde_parameters(table).items()}
    lenient = parameters.get("ignore.malformed.json") == "true"
    names = [column.name for column in table.columns]
    sources = [_serde_parameters(table).get(f"mapping.{name}", name).lower() for name in names]

    def decode(content: bytes, uri: str) -> Iterator[Row]:
        for number, line in enumerate(content.decode("utf-8", "replace").split("\n"), start=1):
            if not line.strip():
                continue
            try:
                items = json.loads(line)
                if not all(map(str.islower, items)):
                    items = {key.lower(): each for key, each in items.items()}
            except (ValueError, AttributeError) as error:
                if not lenient:
                    raise QueryFailed(
                        "HIVE_CURSOR_ERROR",
                        f"Row is not a valid JSON Object - {error} in {uri}, line {number}",
                    ) from error
                items = {}
            yield [_json_text(items.get(source)) for source in sources]

    return decode


def _json_text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return repr(value)
    return json.dumps(value, ensure_ascii=False)


def _delimited(table: GlueTable) -> Decoder:
    parameters = _serde_parameters(table)
    delimiter = parameters.get("field.delim") or parameters.get("serialization.format") or "\x01"
    delimiter = "\x01" if delimiter == "1" else delimiter
    null = parameters.get("serialization.null.format", r"\N")
    header, width = _header_lines(table), len(table.columns)

    def decode(content: bytes, uri: str) -> Iterator[Row]:
        del uri
        lines = content.decode("utf-8", "replace").split("\n")
        if lines[-1] == "":
            lines.pop()
        for line in lines[header:]:
            yield _fitted([None if v == null else v for v in line.rstrip("\r").split(delimiter)], width)

    return decode


def _quoted(table: GlueTable) -> Decoder:
    parameters = _serde_parameters(table)
    escape = parameters.get("escapeChar", "\\")
    quote = parameters.get("quoteChar", '"')
    dialect: dict[str, Any] = {
        "delimiter": parameters.get("separatorChar", ","),
        "quotechar": quote,
        # A quote inside is doubled if there is no other way to escape it.
        "escapechar": None if escape == quote else escape,
    }
    header, width = _header_lines(table), len(table.columns)

    def decode(content: bytes, uri: str) -> Iterator[Row]:
        del uri
        reader = csv.reader(io.StringIO(content.decode("utf-8", "replace"), newline=""), **dialect)
        for number, row in enumerate(reader):
            if number >= header and row:
                yield _fitted(list(row), width)

    return decode


def _fitted(row: list[str | None], width: int) -> Row:
    """A row of as many values as there are columns: missing ones are null, more are dropped."""
    return row[:width] if len(row) >= width else [*row, *[None] * (width - len(row))]
