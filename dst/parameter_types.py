"""What a parameter can be, and how it is written."""

import enum
import math
import types
import typing
from collections.abc import Callable
from datetime import date
from typing import Any

from dst.s3_uri import S3Uri


def convert(text: str, kind: Any) -> Any:
    """Read a parameter's text as the type its field has.

    Args:
        text: as it was given.
        kind: str, int, float, bool, date, S3Uri, an Enum, a Literal of texts, or one of these ``| None``.

    Raises:
        ValueError: the text is not such a value; the message says what is legal.
        TypeError: no parameter can have this type.
    """
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        (kind,) = (option for option in typing.get_args(kind) if option is not type(None))
    if typing.get_origin(kind) is typing.Literal:
        return _one_of(text, typing.get_args(kind))
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return kind(_one_of(text, [member.value for member in kind]))
    if kind not in _READERS:
        raise TypeError(f"a parameter can't be a {kind}; known are {', '.join(t.__name__ for t in _READERS)}")
    return _READERS[kind](text)


def _one_of(text: str, legal: typing.Sequence[str]) -> str:
    if text not in legal:
        raise ValueError(f"must be one of {', '.join(legal)}")
    return text


def _integer(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ValueError("a whole number is needed") from None


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ValueError("a number is needed")
    return number


def _truth(text: str) -> bool:
    return _one_of(text.lower(), ("true", "false")) == "true"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError("a date such as 2024-01-31 is needed") from None


_READERS: dict[type, Callable[[str], Any]] = {
    str: str,
    int: _integer,
    float: _number,
    bool: _truth,
    date: _day,
    S3Uri: S3Uri.parse,
}
