"""Partition projection: partitions worked out from a table's parameters instead of the catalog.

https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html
"""

from __future__ import annotations

import datetime
import itertools
import re
from collections.abc import Mapping, Sequence

from cloudstage.athena.errors import QueryFailed
from cloudstage.athena.sql.java_time import to_strftime
from cloudstage.athena.tables.catalog import GlueTable

_NOW = re.compile(r"NOW\s*(?:(?P<sign>[+-])\s*(?P<count>\d+)\s*(?P<unit>[A-Z]+?)S?)?", re.IGNORECASE)
_UNITS = {"SECOND": 1, "MINUTE": 60, "HOUR": 3600, "DAY": 86400, "WEEK": 604800}
_MONTHS = {"MONTH": 1, "YEAR": 12}
# Athena itself refuses beyond a million.
_MOST_PARTITIONS = 1_000_000


def enabled(table: GlueTable) -> bool:
    """Whether the table's partitions are projected."""
    return table.parameters.get("projection.enabled", "").lower() == "true"


def partitions(table: GlueTable, fixed: Mapping[str, Sequence[str]]) -> list[tuple[str, ...]]:
    """The values of all partitions; ``fixed`` has what a query asks for, which injected columns need."""
    choices = [_values(table, column.name, fixed.get(column.name)) for column in table.partition_columns]
    count = 1
    for values in choices:
        count *= len(values)
    if count > _MOST_PARTITIONS:
        raise QueryFailed(
            "INVALID_TABLE_PROPERTY", f"Table {table.name} projects {count} partitions; narrow its ranges"
        )
    return list(itertools.product(*choices))


def location(table: GlueTable, values: Sequence[str]) -> str:
    """Where the data of a partition is."""
    names = [column.name for column in table.partition_columns]
    template = table.parameters.get("storage.location.template")
    if template is None:
        pairs = (f"{name}={value}" for name, value in zip(names, values, strict=True))
        return "/".join([table.location, *pairs])
    for name, value in zip(names, values, strict=True):
        template = template.replace("${" + name + "}", value)
    return template.rstrip("/")


def _values(table: GlueTable, column: str, fixed: Sequence[str] | None) -> Sequence[str]:
    kind = _setting(table, column, "type").lower()
    if kind == "enum":
        return [value.strip() for value in _setting(table, column, "values").split(",")]
    if kind == "integer":
        return _integers(table, column)
    if kind == "date":
        return _dates(table, column)
    if kind == "injected":
        if not fixed:
            raise QueryFailed(
                "CONSTRAINT_VIOLATION",
                f"For the injected projected partition column {column}, the WHERE clause must contain only "
                "static equality conditions, and at least one such condition must be present.",
            )
        return fixed
    raise _wrong(table, column, f"projection.{column}.type is {kind}, not enum, integer, date or injected")


def _integers(table: GlueTable, column: str) -> list[str]:
    low, high = (int(bound) for bound in _range(table, column))
    interval = int(table.parameters.get(f"projection.{column}.interval", "1"))
    digits = int(table.parameters.get(f"projection.{column}.digits", "1"))
    return [f"{number:0{digits}d}" for number in range(low, high + 1, interval)]


def _dates(table: GlueTable, column: str) -> list[str]:
    try:
        pattern = to_strftime(_setting(table, column, "format"))
    except ValueError as error:
        raise _wrong(table, column, f"a cloudstage does not know {error}") from error
    low, high = (_moment(table, column, bound, pattern) for bound in _range(table, column))
    interval = int(table.parameters.get(f"projection.{column}.interval", "1"))
    unit = table.parameters.get(f"projection.{column}.interval.unit", _finest(pattern)).upper().rstrip("S")
    values: dict[str, None] = {}
    moment = low
    for step in itertools.count(1):
        if moment > high:
            break
        values[_formatted(moment, pattern)] = None
        moment = _later(low, step * interval, unit)
    return list(values)


def _moment(table: GlueTable, column: str, bound: str, pattern: str) -> datetime.datetime:
    match = _NOW.fullmatch(bound)
    if match:
        now = datetime.datetime.now(datetime.UTC).replace(tzinfo=None)
        count = int(match["count"] or 0) * (-1 if match["sign"] == "-" else 1)
        return _later(now, count, (match["unit"] or "DAY").upper())
    try:
        return datetime.datetime.strptime(bound, pattern.replace("%-", "%"))
    except ValueError as error:
        raise _wrong(table, column, f"projection.{column}.range has {bound}: {error}") from error


def _later(start: datetime.datetime, count: int, unit: str) -> datetime.datetime:
    if unit in _UNITS:
        return start + datetime.timedelta(seconds=_UNITS[unit] * count)
    years, month = divmod(start.year * 12 + start.month - 1 + count * _MONTHS[unit], 12)
    return start.replace(year=years, month=month + 1, day=min(start.day, 28))


def _finest(pattern: str) -> str:
    for directives, unit in ((("%S", "%-S"), "SECOND"), (("%M", "%-M"), "MINUTE"), (("%H", "%-H"), "HOUR")):
        if any(directive in pattern for directive in directives):
            return unit
    if any(directive in pattern for directive in ("%d", "%-d", "%j")):
        return "DAY"
    return "MONTH" if "%m" in pattern or "%-m" in pattern else "YEAR"


def _formatted(moment: datetime.datetime, pattern: str) -> str:
    # %-d is not portable: strftime of Windows lacks it
    for directive in ("m", "d", "H", "M", "S"):
        pattern = pattern.replace(f"%-{directive}", moment.strftime(f"%{directive}").lstrip("0") or "0")
    return moment.strftime(pattern)


def _range(table: GlueTable, column: str) -> tuple[str, str]:
    bounds = [bound.strip() for bound in _setting(table, column, "range").split(",")]
    if len(bounds) != 2:
        raise _wrong(table, column, f"projection.{column}.range needs two values")
    return bounds[0], bounds[1]


def _setting(table: GlueTable, column: str, name: str) -> str:
    value = table.parameters.get(f"projection.{column}.{name}")
    if value is None:
        raise _wrong(table, column, f"there is no projection.{column}.{name}")
    return value


def _wrong(table: GlueTable, column: str, what: str) -> QueryFailed:
    return QueryFailed(
        "INVALID_TABLE_PROPERTY", f"Partition projection of column {column} of table {table.name}: {what}"
    )
