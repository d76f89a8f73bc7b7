"""Typed parameters: from ``--key value`` arguments or the environment into dataclasses.

A parameter's name is its field's name: lower case with underscores. Glue adds arguments of its own
(``--JOB_NAME``, ``--TempDir``, ``--enable-metrics``), all of which hold a capital letter or a hyphen,
but for the few in `_GLUE_WORDS`; they are left alone. Source of the names:
https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-glue-arguments.html
"""

import dataclasses
import difflib
import re
import typing
from collections.abc import Mapping, Sequence
from typing import Any

from dst import parameter_types
from dst.errors import ParameterError

_GLUE_WORDS = frozenset({"class", "conf"})
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_ENVIRONMENT_PREFIX = "DST_"


def from_arguments(argv: Sequence[str]) -> dict[str, str]:
    """Split ``--key value``, ``--key=value`` and a lone ``--key`` (``true``); the last of a key counts.

    Raises:
        ParameterError: a word belongs to no key.
    """
    values: dict[str, str] = {}
    words = list(argv)
    while words:
        word = words.pop(0)
        if not word.startswith("--") or word == "--":
            raise ParameterError(f"{word!r} is not an argument; write --name value")
        name, separator, value = word[2:].partition("=")
        if not separator:
            value = words.pop(0) if words and not words[0].startswith("--") else "true"
        values[name] = value
    return values


def from_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The variables ``DST_<NAME>``, under the names the parameters have."""
    return {
        name.removeprefix(_ENVIRONMENT_PREFIX).lower(): value
        for name, value in environ.items()
        if name.startswith(_ENVIRONMENT_PREFIX)
    }


def refuse_unknown(
    values: Mapping[str, str], types: Sequence[type], allowed: Sequence[str] = ()
) -> list[str]:
    """One sentence for each name that is neither a field of `types`, nor allowed, nor Glue's own."""
    known = [field.name for kind in types for field in dataclasses.fields(kind)] + list(allowed)
    problems = []
    for name in values:
        if name in known or name in _GLUE_WORDS:
            continue
        near = difflib.get_close_matches(name.replace("-", "_").lower(), known, n=1, cutoff=0.8)
        if near:
            problems.append(f"--{name} is unknown; did you mean --{near[0]}?")
        elif _NAME.fullmatch(name):
            problems.append(
                f"--{name} is unknown; known are {', '.join(f'--{each}' for each in sorted(known))}"
            )
    return problems


def build(values: Mapping[str, str], types: Sequence[type], problems: Sequence[str] = ()) -> list[Any]:
    """Make one instance of each dataclass in `types` from the values.

    Args:
        values: parameter name to text.
        types: dataclasses, whose fields have one of the types in `dst.parameter_types`.
        problems: found before; reported with those found here.

    Raises:
        ParameterError: with every problem there is, not just the first.
    """
    found = list(problems)
    built = []
    for kind in types:
        fields: dict[str, Any] = {}
        hints = typing.get_type_hints(kind)
        for field in dataclasses.fields(kind):
            if field.name in values:
                try:
                    fields[field.name] = parameter_types.convert(values[field.name], hints[field.name])
                except ValueError as error:
                    found.append(f"--{field.name} {values[field.name]!r}: {error}")
            elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
                found.append(f"--{field.name} is missing")
        if not found:
            built.append(kind(**fields))
    if found:
        raise ParameterError("; ".join(found))
    return built
