"""The ``Condition`` of a policy statement.

Source: "IAM JSON policy elements: Condition operators" and "Conditions with multiple context keys or values" in
the IAM user guide.
"""

from __future__ import annotations

import base64
import ipaddress
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from cloudstage.iam import wildcards
from cloudstage.iam.wildcards import Context

Compare = Callable[[str, str, Context], bool]
"""Takes the request's value, the policy's value and the context."""


def met(condition: Mapping[str, Mapping[str, Any]], context: Context) -> bool:
    """Whether every operator is content with every one of its keys."""
    return all(
        _key_met(operator, key, as_texts(wanted), context)
        for operator, keys in condition.items()
        for key, wanted in keys.items()
    )


def as_texts(value: Any) -> tuple[str, ...]:
    """A value of a policy, or a list of them, as texts; JSON's booleans and numbers become text as in IAM."""
    if value is None:
        return ()
    values = value if isinstance(value, list) else [value]
    return tuple(str(each).lower() if isinstance(each, bool) else str(each) for each in values)


def _key_met(operator: str, key: str, wanted: tuple[str, ...], context: Context) -> bool:
    quantifier, _, name = operator.rpartition(":")
    if_exists = name.lower().endswith("ifexists")
    name = name.lower().removesuffix("ifexists")
    given = context.get(key.lower(), ())
    if name == "null":
        return any((value.lower() == "true") != bool(given) for value in wanted)
    compare, negated = _operator(name)
    if quantifier.lower() == "forallvalues":
        return all(_one_met(compare, value, wanted, context, negated=negated) for value in given)
    if not given:
        return quantifier.lower() != "foranyvalue" and (if_exists or negated)
    return any(_one_met(compare, value, wanted, context, negated=negated) for value in given)


def _one_met(
    compare: Compare, given: str, wanted: tuple[str, ...], context: Context, *, negated: bool
) -> bool:
    return any(compare(given, each, context) for each in wanted) != negated


def _operator(name: str) -> tuple[Compare, bool]:
    """The comparison, and whether its opposite is meant. ValueError for an operator that IAM does not have."""
    if name in _COMPARISONS:
        return _COMPARISONS[name], False
    positive = _NEGATIONS.get(name)
    if positive is None:
        raise ValueError(f"IAM has no condition operator {name!r}")
    return _COMPARISONS[positive], True


def _equal(given: str, wanted: str, context: Context) -> bool:
    return given == wildcards.substitute(wanted, context)


def _equal_ignoring_case(given: str, wanted: str, context: Context) -> bool:
    value = wildcards.substitute(wanted, context)
    return value is not None and given.lower() == value.lower()


def _like(given: str, wanted: str, context: Context) -> bool:
    return wildcards.matches(wanted, given, context)


def _arn_like(given: str, wanted: str, context: Context) -> bool:
    """Each of an ARN's six parts by itself; the policy's ARN may end early, in a wildcard."""
    given_parts, wanted_parts = given.split(":", 5), wanted.split(":", 5)
    if len(given_parts) != len(wanted_parts):
        return wanted == "*"
    return all(
        wildcards.matches(pattern, part, context)
        for pattern, part in zip(wanted_parts, given_parts, strict=True)
    )


def _bool(given: str, wanted: str, _: Context) -> bool:
    return given.lower() == wanted.lower()


def _binary(given: str, wanted: str, _: Context) -> bool:
    return base64.b64decode(given) == base64.b64decode(wanted)


def _ip_address(given: str, wanted: str, _: Context) -> bool:
    try:
        return ipaddress.ip_address(given) in ipaddress.ip_network(wanted, strict=False)
    except ValueError:
        return False


def _numeric(compare: Callable[[float, float], bool]) -> Compare:
    def numbers(given: str, wanted: str, _: Context) -> bool:
        try:
            return compare(float(given), float(wanted))
        except ValueError:
            return False

    return numbers


def _date(compare: Callable[[float, float], bool]) -> Compare:
    def dates(given: str, wanted: str, _: Context) -> bool:
        try:
            return compare(_seconds(given), _seconds(wanted))
        except ValueError:
            return False

    return dates


def _seconds(date: str) -> float:
    """A date as IAM writes it, ISO 8601 or seconds since the epoch, as seconds since the epoch."""
    if date.lstrip("-").replace(".", "", 1).isdigit() and "-" not in date.lstrip("-"):
        number = float(date)
        if number > 9999:
            return number
    parsed = datetime.fromisoformat(date)
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp()


def _orders(kind: str, ordered: Callable[[Callable[[float, float], bool]], Compare]) -> dict[str, Compare]:
    return {
        f"{kind}equals": ordered(lambda given, wanted: given == wanted),
        f"{kind}lessthan": ordered(lambda given, wanted: given < wanted),
        f"{kind}lessthanequals": ordered(lambda given, wanted: given <= wanted),
        f"{kind}greaterthan": ordered(lambda given, wanted: given > wanted),
        f"{kind}greaterthanequals": ordered(lambda given, wanted: given >= wanted),
    }


_COMPARISONS: dict[str, Compare] = {
    "stringequals": _equal,
    "stringequalsignorecase": _equal_ignoring_case,
    "stringlike": _like,
    "arnequals": _arn_like,
    "arnlike": _arn_like,
    "bool": _bool,
    "binaryequals": _binary,
    "ipaddress": _ip_address,
    **_orders("numeric", _numeric),
    **_orders("date", _date),
}
_NEGATIONS = {
    "stringnotequals": "stringequals",
    "stringnotequalsignorecase": "stringequalsignorecase",
    "stringnotlike": "stringlike",
    "arnnotequals": "arnequals",
    "arnnotlike": "arnlike",
    "notipaddress": "ipaddress",
    "numericnotequals": "numericequals",
    "datenotequals": "dateequals",
}
