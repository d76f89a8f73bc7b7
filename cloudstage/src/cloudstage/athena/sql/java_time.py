"""Java's date patterns (``yyyy-MM-dd'T'HH``) in strftime's (``%Y-%m-%dT%H``)."""

from __future__ import annotations

import re

_DIRECTIVES = {
    "yyyy": "%Y",
    "YYYY": "%Y",
    "uuuu": "%Y",
    "y": "%Y",
    "yy": "%y",
    "MMMM": "%B",
    "MMM": "%b",
    "MM": "%m",
    "M": "%-m",
    "dd": "%d",
    "d": "%-d",
    "DDD": "%j",
    "HH": "%H",
    "H": "%-H",
    "hh": "%I",
    "h": "%-I",
    "mm": "%M",
    "m": "%-M",
    "ss": "%S",
    "s": "%-S",
    "SSS": "%g",
    "SSSSSS": "%f",
    "a": "%p",
    "EEEE": "%A",
    "EEE": "%a",
    "E": "%a",
    "e": "%u",
    "ww": "%V",
    "xxxx": "%G",
    "z": "%Z",
    "Z": "%z",
    "ZZ": "%z",
}
_TOKEN = re.compile(r"'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+")


def to_strftime(pattern: str) -> str:
    """The pattern for strftime; ValueError names a directive that has no counterpart."""
    parts = []
    for match in _TOKEN.finditer(pattern):
        token = match.group()
        if match.group(2):
            if token not in _DIRECTIVES:
                raise ValueError(f"{token} in the date pattern {pattern}")
            parts.append(_DIRECTIVES[token])
        else:
            text = token if match.group(1) is None else (match.group(1).replace("''", "'") or "'")
            parts.append(text.replace("%", "%%"))
    return "".join(parts)
