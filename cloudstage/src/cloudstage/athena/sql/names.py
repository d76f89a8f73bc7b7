"""Names in statements that Athena hands to Hive, quoted by backticks, by double quotes or not at all."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cloudstage.athena.errors import InvalidRequest

_PART = r'(?:`[^`]+`|"[^"]+"|[A-Za-z0-9_$]+)'
NAME = rf"(?P<name>{_PART}(?:\s*\.\s*{_PART}){{0,2}})"


@dataclass(frozen=True)
class TableName:
    """A table's name in lower case with its database, if that was named."""

    database: str | None
    table: str


def parts(name: str) -> list[str]:
    """The parts of a dotted name in lower case."""
    return [part.strip('`"').lower() for part in re.findall(_PART, name)]


def table_name(name: str, database: str | None) -> TableName:
    """The table that a name means where ``database`` is the current one."""
    split = parts(name)
    return TableName(split[-2] if len(split) > 1 else (database.lower() if database else None), split[-1])


def matched(pattern: str, text: str) -> re.Match[str]:
    """The match of a whole statement; InvalidRequest if it is written otherwise.

    Blanks in the pattern stand for any space in the statement.
    """
    match = re.fullmatch(pattern.replace(" ", r"\s+"), text.strip(), re.IGNORECASE | re.DOTALL)
    if match is None:
        raise InvalidRequest(
            f"line 1:1: mismatched input in: {text.strip()[:200]}. Expecting: {pattern_hint(pattern)} …",
            "MALFORMED_QUERY",
        )
    return match


def pattern_hint(pattern: str) -> str:
    """The key words that a pattern starts with."""
    return " ".join(re.findall(r"[A-Za-z]+", re.split(r"[\[(\\?]", pattern, maxsplit=1)[0])).upper()
