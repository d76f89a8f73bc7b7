"""Which event patterns EventBridge accepts, and what it answers to others.

Source: "Comparison operators for use in event patterns" in the Amazon EventBridge user guide, and the exceptions of
github.com/aws/event-ruler, the library with which EventBridge compiles patterns.
"""

from __future__ import annotations

import ipaddress
from collections import Counter
from collections.abc import Callable
from typing import Any

NUMERIC_OPERATORS = ("<", "<=", "=", ">=", ">")
MOST_REPETITIONS = 3
_ANYTHING_BUT = "Value of anything-but must be an array or single string/number value."
_TOO_COMPLEX = (
    "Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a "
    "wildcard character"
)


class PatternError(ValueError):
    """A pattern that EventBridge refuses, and its reason."""


def check(pattern: dict[str, Any]) -> None:
    """Raise PatternError unless every comparison of the pattern is legal."""
    for name, value in pattern.items():
        if isinstance(value, dict):
            check(value)
        elif not isinstance(value, list):
            raise PatternError(f'"{name}" must be an object or an array')
        elif not value:
            raise PatternError("Empty arrays are not allowed")
        elif name == "$or":
            for alternative in value:
                check(alternative)
        else:
            for comparison in value:
                if isinstance(comparison, dict):
                    _check_comparison(comparison)


def _check_comparison(comparison: dict[str, Any]) -> None:
    for operator, operand in comparison.items():
        if operator not in _CHECKS:
            raise PatternError(f"Unrecognized match type {operator}")
        _CHECKS[operator](operand)


def _anything_but(operand: Any) -> None:
    if isinstance(operand, dict):
        for operator, inner in operand.items():
            _anything_but_operator(operator, inner)
    elif isinstance(operand, list):
        if any(value is None or isinstance(value, bool | list | dict) for value in operand):
            raise PatternError("Inside anything but list, start|null|boolean is not supported.")
    elif operand is None or isinstance(operand, bool):
        raise PatternError(_ANYTHING_BUT)


def _anything_but_operator(operator: str, operand: Any) -> None:
    values = operand if isinstance(operand, list) else [operand]
    texts = all(isinstance(value, str) for value in values)
    match operator:
        case "prefix" | "suffix":
            if isinstance(operand, dict):
                raise PatternError(_ANYTHING_BUT)
            if not texts:
                raise PatternError("prefix/suffix match pattern must be a string")
            if "" in values:
                raise PatternError("Null prefix/suffix not allowed")
        case "equals-ignore-case":
            if not texts:
                raise PatternError(
                    "Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported."
                )
        case "wildcard":
            for value in values:
                _wildcard(value)
        case _:
            raise PatternError(f"Unsupported anything-but pattern: {operator}")


def _text(operator: str, inner: tuple[str, ...] = ()) -> Callable[[Any], None]:
    def check_text(operand: Any) -> None:
        inside = operand[inner[0]] if isinstance(operand, dict) and [*operand] == [*inner] else operand
        if not isinstance(inside, str):
            raise PatternError(f"{operator} match pattern must be a string")

    return check_text


def _numeric(operand: Any) -> None:
    if not isinstance(operand, list):
        raise PatternError("Value of numeric must be an array.")
    seen = set()
    for position in range(0, len(operand), 2):
        operator = operand[position]
        direction = str(operator)[0] if operator in NUMERIC_OPERATORS else None
        if direction is None or direction in seen:
            raise PatternError(f"Bad numeric range operator: {operator}")
        seen.add(direction)
        value = operand[position + 1] if position + 1 < len(operand) else None
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise PatternError(f"Value of {operator} must be numeric")


def _cidr(operand: Any) -> None:
    if not isinstance(operand, str):
        raise PatternError("prefix match pattern must be a string")
    address, slash, bits = operand.partition("/")
    if not slash:
        raise PatternError("Malformed CIDR, one '/' required")
    if not bits.isdigit():
        raise PatternError("Malformed CIDR, mask bits must be an integer")
    try:
        ipaddress.ip_address(address)
    except ValueError:
        raise PatternError(f"Nonstandard IP address: {address}") from None


def _wildcard(operand: Any) -> None:
    if not isinstance(operand, str):
        raise PatternError("wildcard match pattern must be a string")
    if (position := operand.find("**")) >= 0:
        raise PatternError(f"Consecutive wildcard characters at pos {position + 1}")
    repeated = Counter(operand.split("*")[1:-1]).values()
    if max(repeated, default=0) > MOST_REPETITIONS:  # each star could swallow the next piece
        raise PatternError(_TOO_COMPLEX)


def _exists(operand: Any) -> None:
    if not isinstance(operand, bool):
        raise PatternError("exists match pattern must be either true or false.")


_CHECKS: dict[str, Callable[[Any], None]] = {
    "anything-but": _anything_but,
    "cidr": _cidr,
    "equals-ignore-case": _text("equals-ignore-case"),
    "exists": _exists,
    "numeric": _numeric,
    "prefix": _text("prefix", ("equals-ignore-case",)),
    "suffix": _text("suffix", ("equals-ignore-case",)),
    "wildcard": _wildcard,
}
