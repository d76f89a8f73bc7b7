"""The engine's errors as Athena would put them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

import duckdb
from sqlglot import exp

from cloudstage.athena.errors import QueryFailed, not_supported
from cloudstage.athena.sql import parsing
from cloudstage.athena.sql.failed_query import FailedQuery
from cloudstage.athena.sql.known_functions import known

_TYPES = {
    "BLOB": "varbinary",
    "FLOAT": "real",
    "HUGEINT": "bigint",
    "INTEGER_LITERAL": "integer",
    "INTERVAL": "interval day to second",
    "STRING_LITERAL": "varchar",
    "TIMESTAMP": "timestamp(6)",
    "TIMESTAMP WITH TIME ZONE": "timestamp(3) with time zone",
    "TIMESTAMP_MS": "timestamp(3)",
    "TIMESTAMP_S": "timestamp(0)",
}
_OURS = "trino_"


_Explanation = Callable[[re.Match[str], FailedQuery], QueryFailed]


def explain(error: duckdb.Error, sql: str, tree: exp.Expr | None, columns: Collection[str]) -> QueryFailed:
    """Why the engine refused ``tree``, parsed from ``sql``, which reads ``columns`` (in lower case)."""
    text = str(error)
    failed = FailedQuery(sql, tree, columns, text)
    for pattern, explanation in _EXPLANATIONS:
        match = re.search(pattern, text)
        if match:
            return explanation(match, failed)
    return QueryFailed("GENERIC_USER_ERROR", text.split("\n\nLINE ", maxsplit=1)[0])


def _type(engine: str) -> str:
    name = engine.strip()
    if name.endswith("[]"):
        return f"array({_type(name[:-2])})"
    return _TYPES.get(name, name.lower())


def _types(engine: str) -> str:
    return ", ".join(_type(each) for each in re.split(r",\s*(?![^(]*\))", engine) if each)


def _unresolved(where: str, name: str) -> QueryFailed:
    return QueryFailed(
        "COLUMN_NOT_FOUND",
        f"{where}: Column '{name}' cannot be resolved "
        "or requester is not authorized to access requested resources",
    )


def _no_column(match: re.Match[str], failed: FailedQuery) -> QueryFailed:
    parts = [part for part in match.groups() if part]
    where = failed.at_column(parts[-1], parts[0].lower() if len(parts) > 1 else None)
    return _unresolved(where, ".".join(parts))


def _no_field(match: re.Match[str], failed: FailedQuery) -> QueryFailed:
    where = failed.at_column(match[1], match[2].lower())
    return _unresolved(where, f"{match[2]}.{match[1]}")


def _no_table(match: re.Match[str], failed: FailedQuery) -> QueryFailed:
    table = match[1].split(".")[-1]
    for column in failed.tree.find_all(exp.Column) if failed.tree else []:
        if column.table.lower() == table.lower():
            return _unresolved(parsing.position(failed.sql, column), f"{column.table}.{column.name}")
    return QueryFailed("TABLE_NOT_FOUND", f"line 1:1: Table '{match[1]}' does not exist")


def _no_function(match: re.Match[str], failed: FailedQuery) -> QueryFailed:
    name = match[1].strip('"').lower()
    if known(name):
        return not_supported(f"{failed.at_function(name)}: A cloudstage can't run the function {name}")
    return QueryFailed("FUNCTION_NOT_FOUND", f"{failed.at_function(name)}: Function '{name}' not registered")


def _not_grouped(match: re.Match[str], failed: FailedQuery) -> QueryFailed:
    name = match[1]
    if name.lower() not in failed.columns:
        return _no_column(match, failed)
    return QueryFailed(
        "EXPRESSION_NOT_AGGREGATE",
        f"{failed.at_column(name)}: '{name}' must be an aggregate expression or appear in GROUP BY clause",
    )


def _ambiguous(match: re.Match[str], failed: FailedQuery) -> QueryFailed:
    return QueryFailed("AMBIGUOUS_NAME", f"{failed.at_column(match[1])}: Column '{match[1]}' is ambiguous")


def _not_comparable(match: re.Match[str], failed: FailedQuery) -> QueryFailed:
    where, sign = failed.operator()
    return QueryFailed(
        "TYPE_MISMATCH", f"{where}: Cannot apply operator: {_type(match[1])} {sign} {_type(match[2])}"
    )


def _no_overload(match: re.Match[str], failed: FailedQuery) -> QueryFailed:
    name, types = match[1], match[2]
    if not re.fullmatch(r"\w+", name):
        where, _ = failed.operator()
        operation = _types(types).replace(", ", f" {name} ")
        return QueryFailed("TYPE_MISMATCH", f"{where}: Cannot apply operator: {operation}")
    where = failed.at_function(name)
    return QueryFailed(
        "FUNCTION_NOT_FOUND", f"{where}: Unexpected parameters ({_types(types)}) for function {name.lower()}"
    )


def _no_macro(match: re.Match[str], failed: FailedQuery) -> QueryFailed:
    name = match[1].lower().removeprefix(_OURS)
    if name in {"divide", "plus", "minus"}:
        return QueryFailed(
            "TYPE_MISMATCH", f"line 1:1: Cannot apply operator: {name} to values of these types"
        )
    return QueryFailed(
        "FUNCTION_NOT_FOUND", f"{failed.at_function(name)}: Unexpected parameters for function {name}"
    )


def _mixed(match: re.Match[str], failed: FailedQuery) -> QueryFailed:
    del failed
    what = match[3].strip()
    return QueryFailed(
        "TYPE_MISMATCH",
        f"line 1:1: All {what} values must be of the same type: {_type(match[1])}, {_type(match[2])}",
    )


def _not_castable(match: re.Match[str], failed: FailedQuery) -> QueryFailed:
    return QueryFailed(
        "TYPE_MISMATCH", f"{failed.at_culprit()}: Cannot cast {_type(match[1])} to {_type(match[2])}"
    )


def _bad_cast(match: re.Match[str], failed: FailedQuery) -> QueryFailed:
    del failed
    kind = {"INT8": "TINYINT", "INT16": "SMALLINT", "INT32": "INT", "INT64": "BIGINT"}.get(match[2], match[2])
    return QueryFailed("INVALID_CAST_ARGUMENT", f"Cannot cast '{match[1]}' to {kind}")


def _fixed(name: str, message: str) -> _Explanation:
    """An explanation that repeats the first group of the match where ``message`` has ``{}``."""

    def explanation(match: re.Match[str], failed: FailedQuery) -> QueryFailed:
        del failed
        return QueryFailed(name, message.format(*match.groups()))

    return explanation


_EXPLANATIONS: list[tuple[str, _Explanation]] = [
    # What the SQL that reads files raises by itself.
    (r"Invalid Input Error: HIVE_BAD_DATA: (.*)", _fixed("HIVE_BAD_DATA", "{}")),
    (r'Referenced column "(.*?)" (?:was )?not found', _no_column),
    (r'(?:Table|Values list|Subquery|CTE) "(.*?)" does not have a column named "(.*?)"', _no_column),
    (r"Cannot extract field '(.*?)' from expression \"(.*?)\"", _no_field),
    (r'Referenced table "(.*?)" not found', _no_table),
    (r"Function with name (\S+) (?:does not exist|is not in the catalog)", _no_function),
    (r'column "(.*?)" must appear in the GROUP BY', _not_grouped),
    (r'Ambiguous reference to column name "(.*?)"', _ambiguous),
    (r"Cannot compare values of type (.*?) and (?:type )?(.*?)(?: -| in )", _not_comparable),
    (r"Cannot mix values of type (.*?) and (.*?) in (.*?) -", _mixed),
    (r"No function matches the given name and argument types '(.*?)\((.*)\)'", _no_overload),
    (r"Macro (\w+)\(\) does not support the supplied arguments", _no_macro),
    (r"Unimplemented type for cast \((.*?) -> (.*?)\)", _not_castable),
    (r"Division by zero", _fixed("DIVISION_BY_ZERO", "Division by zero")),
    (r"Could not convert string '(.*?)' to (\w+)", _bad_cast),
    (r"Conversion Error: (.*)", _fixed("INVALID_CAST_ARGUMENT", "{}")),
    (r"Could not parse string \"(.*?)\"", _fixed("INVALID_FUNCTION_ARGUMENT", 'Invalid format: "{}"')),
    (r"Overflow in (.*)|Out of Range Error: (.*)", _fixed("NUMERIC_VALUE_OUT_OF_RANGE", "{}{}")),
    (
        r"More than one row returned by a subquery",
        _fixed("SUBQUERY_MULTIPLE_ROWS", "Scalar sub-query has returned multiple rows"),
    ),
    (
        r"WHERE clause cannot contain",
        _fixed(
            "EXPRESSION_NOT_SCALAR",
            "line 1:1: WHERE clause cannot contain aggregations, window functions or grouping operations",
        ),
    ),
    (r"Parser Error: (.*)", _fixed("SYNTAX_ERROR", "line 1:1: {}")),
    (
        r"Out of Memory Error",
        _fixed("EXCEEDED_LOCAL_MEMORY_LIMIT", "Query exceeded the cloudstage's memory limit"),
    ),
]
