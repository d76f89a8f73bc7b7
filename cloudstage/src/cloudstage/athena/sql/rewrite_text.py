"""Text, regular expressions, JSON and hashes."""

from __future__ import annotations

import re
from collections.abc import Callable

from sqlglot import exp

from cloudstage.athena.errors import not_supported
from cloudstage.athena.sql.calls import call, literal

_GROUP = re.compile(r"\\(.)|\$\{(\w+)\}|\$(\d)")
# $["a b"] is $."a b" to the engine
_BRACKETED = re.compile(r'\["([^"\]]+)"\]')
_DIRECTIVE = re.compile(r"%(?:(\d+)\$)?([-,0+ ]*)(\d*)(\.\d+)?([a-zA-Z%])")


def _regexp_extract(node: exp.Expr) -> exp.Expr:
    part = node.args.get("group") or exp.Literal.number(0)
    return call("trino_regexp_extract", node.this, node.expression, part)


def _regexp_replace(node: exp.Expr) -> exp.Expr:
    """Groups are ``$1`` to Trino and ``\\1`` to the engine."""
    replacement = literal(node.args.get("replacement"))
    if replacement is None:
        return node
    node.set("replacement", exp.Literal.string(_GROUP.sub(_group, replacement.replace("\\\\", "\\"))))
    return node


def _group(match: re.Match[str]) -> str:
    if match.group(2):
        raise not_supported(f"A cloudstage can't refer to the group {match.group(2)} by its name")
    return match.group(1) or f"\\{match.group(3)}"


def _split(node: exp.Expr) -> exp.Expr:
    limit = node.args.get("limit")
    return call("trino_split", node.this, node.expression, limit) if limit else node


def _split_to_map(node: exp.Expr) -> exp.Expr:
    return call("split_to_map", node.this, node.args["pair_delim"], node.args["key_value_delim"])


def _format(node: exp.Expr) -> exp.Expr:
    """Java's ``%s`` takes a value of any type: ``{}`` to the engine."""
    pattern = literal(node.this)
    if pattern is None:
        raise not_supported("A cloudstage takes only literal patterns in format()")
    escaped = pattern.replace("{", "{{").replace("}", "}}")
    return call("format", _DIRECTIVE.sub(_directive, escaped), *node.expressions)


def _directive(match: re.Match[str]) -> str:
    position, flags, width, precision, kind = match.groups()
    if kind == "%":
        return "%"
    if kind == "n":
        return "\n"
    align = "<" if "-" in flags else ">" if kind == "s" and width else ""
    zero = "0" if "0" in flags and not align else ""
    comma = "," if "," in flags else ""
    sign = "+" if "+" in flags else ""
    shape = "" if kind == "s" else kind
    if comma:
        shape = shape if kind == "f" else ""
    start = "" if position is None else str(int(position) - 1)
    inside = f"{align}{sign}{zero}{width}{comma}{precision or ''}{shape}"
    return "{" + start + (f":{inside}" if inside else "") + "}"


def _json_extract(node: exp.Expr) -> exp.Expr:
    return call("trino_json_extract", node.this, _path(node.expression))


def _json_scalar(node: exp.Expr) -> exp.Expr:
    return call("trino_json_scalar", node.this, _path(node.expression))


def _path(node: exp.Expr) -> exp.Expr:
    if not isinstance(node, exp.JSONPath):
        return node
    path = node.sql(dialect="trino")[1:-1]
    return exp.Literal.string(_BRACKETED.sub(r'."\1"', path))


def _sha(node: exp.Expr) -> exp.Expr:
    """A digest is binary; the engine gives its hexadecimal text."""
    return call("unhex", node.copy())


def _reverse(node: exp.Expr) -> exp.Expr:
    """An array that is written out, or what a function of arrays gives, is reversed as such."""
    if isinstance(node.this, exp.Array | exp.Split | exp.ArrayAgg | exp.ArraySort):
        return call("list_reverse", node.this)
    return node


def _from_base(node: exp.Expr) -> exp.Expr:
    return call("from_base", node.this, node.expression)


REWRITES: dict[type[exp.Expr], Callable[[exp.Expr], exp.Expr]] = {
    exp.Format: _format,
    exp.FromBase: _from_base,
    exp.JSONExtract: _json_extract,
    exp.JSONExtractScalar: _json_scalar,
    exp.RegexpExtract: _regexp_extract,
    exp.RegexpReplace: _regexp_replace,
    exp.Reverse: _reverse,
    exp.SHA: _sha,
    exp.Split: _split,
    exp.StrToMap: _split_to_map,
}
