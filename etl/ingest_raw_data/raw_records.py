"""Records of a raw file as it writes them: fields by column name, from CSV or JSON lines."""

import csv
import json
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .lines import Line
from .reasons import ReasonCode, RejectedError
from .sources import SourceMapping

_LONGEST_RECORD = 100
"""Lines a CSV record may span; a quote that is not closed by then is taken to be a mistake."""


@dataclass(frozen=True)
class RawRecord:
    """A record and where it begins; `rejected` says why it has no fields."""

    line_number: int
    text: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    rejected: RejectedError | None = None


def from_json_lines(lines: Iterator[Line], mapping: SourceMapping) -> Iterator[RawRecord]:
    """One JSON object per line; blank lines are not records. The mapping says nothing that matters here."""
    del mapping
    for line in lines:
        if line.rejected:
            yield RawRecord(line.number, line.text, rejected=line.rejected)
        elif line.text.strip():
            yield _from_json(line)


def _from_json(line: Line) -> RawRecord:
    try:
        fields = json.loads(line.text)
    except (ValueError, RecursionError) as error:
        return _reject(line, ReasonCode.INVALID_JSON, f"the line is not JSON: {error}")
    if not isinstance(fields, dict):
        return _reject(line, ReasonCode.INVALID_JSON, "the line is JSON, but not an object")
    return RawRecord(line.number, line.text, fields)


def from_csv(lines: Iterator[Line], mapping: SourceMapping) -> Iterator[RawRecord]:
    """CSV with a header line, as RFC 4180 has it: quoted fields may span lines, and blank lines are skipped.

    A file whose header is unusable gives one rejected record, and no other.
    """
    waiting = _Waiting(lines)
    try:
        header = _header(waiting, mapping)
    except RejectedError as rejected:
        yield RawRecord(0, waiting.last_text, rejected=rejected)
        return
    for line in waiting:
        if line.rejected:
            yield RawRecord(line.number, line.text, rejected=line.rejected)
        elif line.text.strip():
            yield _from_csv(line, waiting, header, mapping.delimiter)


class _Waiting:
    """Lines with the possibility to put some back."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines = lines
        self._back: deque[Line] = deque()
        self.last_text = ""

    def __iter__(self) -> Iterator[Line]:
        return self

    def __next__(self) -> Line:
        line = self._back.popleft() if self._back else next(self._lines)
        self.last_text = line.text
        return line

    def put_back(self, lines: list[Line]) -> None:
        self._back.extendleft(reversed(lines))


def _header(waiting: _Waiting, mapping: SourceMapping) -> list[str]:
    line = next((each for each in waiting if each.rejected or each.text.strip()), None)
    if line is None:
        raise RejectedError(ReasonCode.FILE_EMPTY, "the file holds no line")
    if line.rejected:
        raise line.rejected
    try:
        header = [name.strip() for name in _fields(line.text, mapping.delimiter)]
    except csv.Error as error:
        raise RejectedError(ReasonCode.HEADER_INVALID, f"the header is not CSV: {error}") from None
    lacking = sorted(mapping.required - set(header))
    if lacking:
        wanted = (
            f"as sources/{mapping.name}.json says"
            if mapping.name
            else "and no source mapping is declared for it"
        )
        raise RejectedError(ReasonCode.HEADER_INVALID, f"the header lacks {', '.join(lacking)}, {wanted}")
    twice = sorted({name for name in header if header.count(name) > 1} & mapping.required)
    if twice:
        raise RejectedError(ReasonCode.HEADER_INVALID, f"the header holds {', '.join(twice)} more than once")
    return header


def _from_csv(first: Line, waiting: _Waiting, header: list[str], delimiter: str) -> RawRecord:
    taken = _whole_record(first, waiting)
    text = "\n".join(line.text for line in taken)
    try:
        fields = _fields(text, delimiter)
    except csv.Error as error:
        # Lines after a stray quote are records of their own until the opposite is proven.
        waiting.put_back(taken[1:])
        return _reject(first, ReasonCode.MALFORMED_LINE, f"the line is not CSV: {error}")
    if len(fields) != len(header):
        waiting.put_back(taken[1:])
        return _reject(first, ReasonCode.COLUMN_COUNT, f"{len(fields)} fields instead of {len(header)}")
    return RawRecord(first.number, text, dict(zip(header, fields, strict=True)))


def _whole_record(first: Line, waiting: _Waiting) -> list[Line]:
    """The line and those after it, until all quotes are closed."""
    taken = [first]
    quotes = first.text.count('"')
    while quotes % 2 and len(taken) < _LONGEST_RECORD:
        line = next(waiting, None)
        if line is None:
            break
        if line.rejected:
            waiting.put_back([line])
            break
        taken.append(line)
        quotes += line.text.count('"')
    return taken


def _fields(text: str, delimiter: str) -> list[str]:
    if '"' not in text:
        return text.split(delimiter)
    return next(csv.reader([text], delimiter=delimiter, strict=True))


def _reject(line: Line, code: ReasonCode, reason: str) -> RawRecord:
    return RawRecord(line.number, line.text, rejected=RejectedError(code, reason))
