"""Queries parsed into a tree; what can't be parsed is refused as Athena refuses it: at once."""

from __future__ import annotations

import itertools

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError, TokenError
from sqlglot.tokenizer_core import TokenType

from cloudstage.athena.errors import InvalidRequest
from cloudstage.athena.sql.statement import location

DIALECT = "trino"
_NO_ITEM = {TokenType.COMMA, TokenType.FROM, TokenType.R_PAREN, TokenType.SEMICOLON, TokenType.WHERE}


def parse(sql: str) -> exp.Expr:
    """The tree of one statement in Trino's dialect."""
    try:
        _refuse_stray_commas(sql)
        trees = [tree for tree in sqlglot.parse(sql, read=DIALECT) if tree is not None]
    except ParseError as error:
        raise InvalidRequest(_explained(sql, error), "MALFORMED_QUERY") from error
    except TokenError as error:
        raise InvalidRequest(f"line 1:1: {str(error).splitlines()[0]}", "MALFORMED_QUERY") from error
    if len(trees) != 1:
        raise InvalidRequest(f"Only one sql statement is allowed. Got: {sql}", "MALFORMED_QUERY")
    return trees[0]


def _refuse_stray_commas(sql: str) -> None:
    """``SELECT a, FROM t`` is no SQL, though the parser would take it for some."""
    tokens = sqlglot.tokenize(sql, read=DIALECT)
    for token, following in itertools.pairwise(tokens):
        if token.token_type == TokenType.COMMA and following.token_type in _NO_ITEM:
            raise InvalidRequest(
                f"{location(sql, following.start)}: mismatched input '{following.text}'. Expecting: <expression>",
                "MALFORMED_QUERY",
            )


def _explained(sql: str, error: ParseError) -> str:
    first = error.errors[0]
    word = first.get("highlight") or ""
    line, column = first.get("line") or 1, first.get("col") or 1
    description = first.get("description") or ""
    at_the_end = not (first.get("end_context") or "").strip() and description.startswith("Required keyword")
    if "SENTINEL" in description or at_the_end or not word:
        return f"{location(sql, len(sql))}: mismatched input '<EOF>'. Expecting: <expression>"
    return f"line {line}:{max(1, column - len(word) + 1)}: mismatched input '{word}'. {description}"


def position(sql: str, node: exp.Expr) -> str:
    """Where a name of the tree stands in the text, as ``line 1:15``."""
    starts = [
        found.meta["start"] for found in node.find_all(exp.Identifier, exp.Func) if "start" in found.meta
    ]
    starts += [node.meta["start"]] if "start" in node.meta else []
    return location(sql, min(starts)) if starts else "line 1:1"
