"""Arrays of objects in events and messages, which filters look into element by element.

Source: "Arrays in event patterns" in the Amazon EventBridge user guide and "Filter policy scope" in the Amazon SNS
developer guide: a pattern matches an array if it matches one of its elements.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

OR = "$or"


def readings(node: Any, pattern: dict[str, Any]) -> Iterator[Any]:
    """Versions of a JSON value in which each array of objects that the pattern looks into is one of its elements.

    The value matches the pattern if one of its readings does. Elements are never mixed: what a pattern asks of one
    object must be true of one element.
    """
    if isinstance(node, list):
        for element in node:
            yield from readings(element, pattern)
    elif isinstance(node, dict):
        choices = {
            name: list(readings(node[name], inner))
            for name, inner in _inner_patterns(pattern).items()
            if isinstance(node.get(name), dict | list) and node[name]
        }
        for chosen in itertools.product(*choices.values()):
            yield node | dict(zip(choices, chosen, strict=True))
    else:
        yield node


def alternatives(pattern: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Patterns without ``$or``: a value matches the pattern if it matches one of them."""
    choices = []
    for name, inner in pattern.items():
        if name == OR and isinstance(inner, list):
            choices.append([one for each in inner for one in alternatives(each)])
        elif isinstance(inner, dict):
            choices.append([{name: one} for one in alternatives(inner)])
        else:
            choices.append([{name: inner}])
    for chosen in itertools.product(*choices):
        merged: dict[str, Any] = {}
        for one in chosen:
            merged = _merged(merged, one)
        yield merged


def _merged(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    both = first | second
    for name in first.keys() & second.keys():
        if isinstance(first[name], dict) and isinstance(second[name], dict):
            both[name] = _merged(first[name], second[name])
    return both


def _inner_patterns(pattern: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What the pattern asks of the objects inside of one, in any of its alternatives; ``a.b`` is ``b`` in ``a``."""
    inner = {name: value for name, value in pattern.items() if isinstance(value, dict)}
    for name, value in pattern.items():
        outer, dot, rest = name.partition(".")
        if dot:
            inner = _merged(inner, {outer: {rest: value}})
    for alternative in pattern.get(OR) or ():
        inner = _merged(inner, _inner_patterns(alternative))
    return inner
