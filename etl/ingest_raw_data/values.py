"""Texts of raw fields to values: numbers, times, names. Pure, strict and the same for every format."""

import math
import re
from collections.abc import Collection
from datetime import UTC, datetime

from .reasons import ReasonCode, RejectedError

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_NOT_FINITE = re.compile(r"[+-]?(nan|inf|infinity)", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_NAME_LENGTH = 128
_SHOWN_LENGTH = 100


def number(field: object, missing: Collection[str] = ()) -> float:
    """A finite number, as a double.

    Args:
        field: a text with a decimal point and no thousands separators, or what JSON holds.
        missing: texts which, like the empty one, mean that there is no value.

    Raises:
        RejectedError: value_missing, value_not_a_number or value_not_finite.
    """
    if field is None or (isinstance(field, str) and (not field.strip() or field.strip() in missing)):
        raise RejectedError(ReasonCode.VALUE_MISSING, "there is no value")
    if isinstance(field, str):
        text = field.strip()
        if _NOT_FINITE.fullmatch(text):
            raise RejectedError(ReasonCode.VALUE_NOT_FINITE, f"the value {shown(field)} is not finite")
        if not _NUMBER.fullmatch(text):
            raise RejectedError(ReasonCode.VALUE_NOT_A_NUMBER, f"the value {shown(field)} is not a number")
        value = float(text)
    elif isinstance(field, int | float) and not isinstance(field, bool):
        try:
            value = float(field)
        except OverflowError:
            value = math.inf
    else:
        raise RejectedError(ReasonCode.VALUE_NOT_A_NUMBER, f"the value {shown(field)} is not a number")
    if not math.isfinite(value):
        raise RejectedError(ReasonCode.VALUE_NOT_FINITE, f"the value {shown(field)} is not finite")
    return value


def time(text: str, time_format: str | None) -> datetime:
    """A time in UTC, without a zone; a text without an offset is taken to be in UTC.

    Args:
        text: the field, or several joined by spaces.
        time_format: as strptime has it, None for ISO 8601.

    Raises:
        RejectedError: time_missing or time_invalid.
    """
    stripped = text.strip()
    if not stripped:
        raise RejectedError(ReasonCode.TIME_MISSING, "there is no time")
    try:
        moment = datetime.strptime(stripped, time_format) if time_format else datetime.fromisoformat(stripped)
        return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
    except (ValueError, OverflowError):
        expected = f"in the format {time_format}" if time_format else "in ISO 8601"
        raise RejectedError(ReasonCode.TIME_INVALID, f"the time {shown(text)} is not {expected}") from None


def signal_name(field: object) -> str:
    """A name of 1 to 128 characters.

    Raises:
        RejectedError: signal_name_missing or signal_name_invalid.
    """
    return _name(field, "signal_name", ReasonCode.SIGNAL_NAME_MISSING, ReasonCode.SIGNAL_NAME_INVALID)


def unit(field: object) -> str:
    """A unit of 1 to 128 characters.

    Raises:
        RejectedError: unit_missing or unit_invalid.
    """
    return _name(field, "unit", ReasonCode.UNIT_MISSING, ReasonCode.UNIT_INVALID)


def shown(field: object) -> str:
    """A field as a reason quotes it: escaped and cut."""
    text = repr(field)
    return text if len(text) <= _SHOWN_LENGTH else f"{text[:_SHOWN_LENGTH]}…"


def _name(field: object, what: str, missing: ReasonCode, invalid: ReasonCode) -> str:
    if field is None or (isinstance(field, str) and not field.strip()):
        raise RejectedError(missing, f"there is no {what}")
    if not isinstance(field, str) or len(field.strip()) > _NAME_LENGTH or _CONTROL.search(field.strip()):
        raise RejectedError(
            invalid, f"the {what} {shown(field)} is not a text of 1 to {_NAME_LENGTH} printable characters"
        )
    return field.strip()
