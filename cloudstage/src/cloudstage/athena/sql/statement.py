"""What kind of statement a query is: Athena's StatementType and SubstatementType.

Names as Athena gives them (measured by the authors of athena-local, aoyagikouhei/athena-local on GitHub).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cloudstage.athena.errors import InvalidRequest
from cloudstage.athena.sql.comments import blanked

_WORD = re.compile(r"\s*([A-Za-z_]+|\()")
_CTAS = re.compile(r"\s*create\s+table\b.*?\bas\s+(?:\(|select\b|with\b|values\b)", re.DOTALL | re.IGNORECASE)

# The longest match wins, so that CREATE EXTERNAL TABLE is not taken for something else.
_KINDS: dict[str, tuple[str, str]] = {
    "(": ("DML", "SELECT"),
    "alter database": ("DDL", "ALTER_DATABASE"),
    "alter table": ("DDL", "ALTER_TABLE"),
    "create database": ("DDL", "CREATE_DATABASE"),
    "create external table": ("DDL", "CREATE_TABLE"),
    "create or replace view": ("DDL", "CREATE_VIEW"),
    "create schema": ("DDL", "CREATE_DATABASE"),
    "create table": ("DDL", "CREATE_TABLE"),
    "create view": ("DDL", "CREATE_VIEW"),
    "deallocate prepare": ("DDL", "DEALLOCATE"),
    "delete": ("DML", "DELETE"),
    "desc": ("UTILITY", "DESCRIBE_TABLE"),
    "describe": ("UTILITY", "DESCRIBE_TABLE"),
    "drop database": ("DDL", "DROP_DATABASE"),
    "drop schema": ("DDL", "DROP_DATABASE"),
    "drop table": ("DDL", "DROP_TABLE"),
    "drop view": ("DDL", "DROP_VIEW"),
    "execute": ("DML", "EXECUTE"),
    "explain": ("DML", "EXPLAIN"),
    "insert": ("DML", "INSERT"),
    "merge": ("DML", "MERGE"),
    "msck repair table": ("DDL", "MSCK_REPAIR"),
    "optimize": ("DML", "OPTIMIZE"),
    "prepare": ("DDL", "PREPARE"),
    "select": ("DML", "SELECT"),
    "show columns": ("UTILITY", "SHOW_COLUMNS"),
    "show create table": ("UTILITY", "SHOW_CREATE_TABLE"),
    "show create view": ("UTILITY", "SHOW_CREATE_VIEW"),
    "show databases": ("UTILITY", "SHOW_DATABASES"),
    "show partitions": ("UTILITY", "SHOW_PARTITIONS"),
    "show schemas": ("UTILITY", "SHOW_DATABASES"),
    "show tables": ("UTILITY", "SHOW_TABLES"),
    "show tblproperties": ("UTILITY", "SHOW_TBLPROPERTIES"),
    "show views": ("UTILITY", "SHOW_VIEWS"),
    "unload": ("DML", "UNLOAD"),
    "update": ("DML", "UPDATE"),
    "vacuum": ("DML", "VACUUM"),
    "values": ("DML", "SELECT"),
    "with": ("DML", "SELECT"),
}
_FIRST_WORDS = sorted({kind.split()[0] for kind in _KINDS} - {"("})


@dataclass(frozen=True)
class Statement:
    """One statement: its text without the semicolon, its Athena type (DML, DDL, UTILITY) and subtype.

    In the text comments are blank, so that every place in it is the place in the query.
    """

    text: str
    type: str
    subtype: str

    @property
    def body(self) -> str:
        """The text from its first word on: what a pattern reads."""
        return self.text.lstrip()


def classify(sql: str) -> Statement:
    """The statement in a query string; InvalidRequest if there is none that Athena knows."""
    text = blanked(sql.strip()).rstrip().rstrip(";").rstrip()
    words = _first_words(text, 4)
    for length in range(len(words), 0, -1):
        kind = _KINDS.get(" ".join(words[:length]).lower())
        if kind:
            return Statement(text, *_refined(text, kind))
    position = len(text) - len(text.lstrip())
    first = words[0] if words else text[position : position + 1] or "<EOF>"
    if first.lower() in _FIRST_WORDS:
        raise InvalidRequest("Queries of this type are not supported", "MALFORMED_QUERY")
    expected = ", ".join(f"'{word.upper()}'" for word in _FIRST_WORDS)
    raise InvalidRequest(
        f"{location(text, position)}: mismatched input '{first}'. Expecting: {expected}", "MALFORMED_QUERY"
    )


def location(text: str, offset: int) -> str:
    """An offset in a text as Athena says it: ``line 1:15``, both counted from 1."""
    before = text[:offset]
    return f"line {before.count(chr(10)) + 1}:{offset - before.rfind(chr(10))}"


def _refined(text: str, kind: tuple[str, str]) -> tuple[str, str]:
    if kind[1] == "CREATE_TABLE" and _CTAS.match(text):
        return "DDL", "CREATE_TABLE_AS_SELECT"
    return kind


def _first_words(text: str, count: int) -> list[str]:
    words: list[str] = []
    position = 0
    while len(words) < count and (word := _WORD.match(text, position)):
        words.append(word[1])
        position = word.end()
    return words
