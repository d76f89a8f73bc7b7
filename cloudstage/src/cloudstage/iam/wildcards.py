"""IAM's patterns: ``*`` is any text, ``?`` one character, ``${aws:username}`` a value of the request.

Source: "IAM policy elements: Variables and tags" in the IAM user guide.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping

Context = Mapping[str, tuple[str, ...]]
"""The values of a request's condition keys; the keys are in lower case."""

_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_LITERAL = {"*": "*", "?": "?", "$": "$"}


def matches(pattern: str, value: str, context: Context, *, ignore_case: bool = False) -> bool:
    """Whether ``value`` as a whole is what ``pattern`` describes; False if a variable of it has no value."""
    compiled = _compiled(pattern, ignore_case) if "${" not in pattern else _substituted(pattern, context)
    return compiled is not None and compiled.fullmatch(value) is not None


def substitute(text: str, context: Context) -> str | None:
    """``text`` with its variables replaced, and without meaning for wildcards; None if one has no value."""
    parts = []
    for part in _parts(text):
        value = _value(part[1], context) if isinstance(part, tuple) else part
        if value is None:
            return None
        parts.append(value)
    return "".join(parts)


def _substituted(pattern: str, context: Context) -> re.Pattern[str] | None:
    expression = ""
    for part in _parts(pattern):
        if isinstance(part, tuple):
            value = _value(part[1], context)
            if value is None:
                return None
            expression += re.escape(value)
        else:
            expression += _expression(part)
    return re.compile(expression, re.DOTALL)


def _parts(text: str) -> list[str | tuple[str, str]]:
    """Text and variables in turn; a variable is a pair."""
    pieces = _VARIABLE.split(text)
    return [("variable", piece) if index % 2 else piece for index, piece in enumerate(pieces)]


def _value(variable: str, context: Context) -> str | None:
    """The value of ``name`` or of ``name, 'default'``; a key of several values can't be used as a variable."""
    if variable in _LITERAL:
        return variable
    name, comma, default = variable.partition(",")
    values = context.get(name.strip().lower(), ())
    if len(values) == 1:
        return values[0]
    return default.strip().strip("'") if comma else None


@functools.lru_cache(maxsize=4096)
def _compiled(pattern: str, ignore_case: bool) -> re.Pattern[str]:
    return re.compile(_expression(pattern), re.DOTALL | (re.IGNORECASE if ignore_case else 0))


def _expression(pattern: str) -> str:
    return re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
