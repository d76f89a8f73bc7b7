"""Values as Athena writes them: ``1.0E10``, ``2024-01-01 00:00:00.000``, ``[1, null]``, ``{a=1}``."""

from __future__ import annotations

import decimal
import math
import re
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def render(values: pa.Array, zone_unit: str, zone: str | None = None) -> pa.Array:
    """The text of each value; null stays null.

    ``zone_unit`` ("ms" or "us") is the precision of timestamps with a time zone, which the engine's type
    does not tell. That of other timestamps is the unit of their type. ``zone`` is shown behind timestamps.
    """
    kind = values.type
    if pa.types.is_timestamp(kind) and zone:
        local = values.cast(pa.timestamp(zone_unit), safe=False).cast(pa.string())
        return pc.binary_join_element_wise(local, pa.scalar(zone), " ")
    if pa.types.is_timestamp(kind):
        return _timestamps(values, zone_unit)
    if pa.types.is_time(kind):
        return values.cast(pa.time32("ms"), safe=False).cast(pa.string())
    if _cast_suffices(kind):
        return values.cast(pa.string())
    text = _writer(kind, zone_unit)
    return pa.array([None if value is None else text(value) for value in values.to_pylist()], pa.string())


def _cast_suffices(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_boolean(kind)
        or pa.types.is_integer(kind)
        or pa.types.is_date(kind)
        or pa.types.is_null(kind)
    )


def _timestamps(values: pa.Array, zone_unit: str) -> pa.Array:
    if values.type.tz is None:
        return values.cast(pa.string())
    utc = values.cast(pa.timestamp("us", tz="UTC")).cast(pa.timestamp("us"))
    texts = utc.cast(pa.timestamp(zone_unit), safe=False).cast(pa.string())
    return pc.binary_join_element_wise(texts, pa.scalar("UTC"), " ")


def _writer(kind: pa.DataType, zone_unit: str) -> Callable[[Any], str]:  # noqa: PLR0911 (one per type)
    """What turns one Python value of an Arrow type into text."""
    if pa.types.is_float32(kind):
        # The shortest digits of a 4-byte number: those of a Python float would be of 8 bytes.
        return lambda value: java_number(str(np.float32(value)))
    if pa.types.is_floating(kind):
        return lambda value: java_number(repr(value))
    if pa.types.is_decimal(kind):
        return lambda value: format(value, "f")
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return lambda value: str(value.hex(" "))
    if pa.types.is_interval(kind):
        return _interval
    if pa.types.is_map(kind):
        return _map_writer(kind, zone_unit)
    if pa.types.is_struct(kind):
        fields = [(field.name, _nullable(field.type, zone_unit)) for field in kind]
        if all(re.fullmatch(r"_\d+", name) for name, _ in fields):  # ROW(1, 'x') has no names
            return lambda value: "{" + ", ".join(text(value[name]) for name, text in fields) + "}"
        return lambda value: _row((name, text(value[name])) for name, text in fields)
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
        item = _nullable(kind.value_type, zone_unit)
        return lambda value: "[" + ", ".join(map(item, value)) + "]"
    return lambda value: str(render(pa.array([value], kind), zone_unit)[0])


def _map_writer(kind: pa.MapType, zone_unit: str) -> Callable[[Any], str]:
    key, item = _nullable(kind.key_type, zone_unit), _nullable(kind.item_type, zone_unit)
    return lambda value: _row((key(name), item(content)) for name, content in sorted(value, key=_map_key))


def _map_key(entry: tuple[Any, Any]) -> Any:
    return entry[0]


def _nullable(kind: pa.DataType, zone_unit: str) -> Callable[[Any], str]:
    write = _writer(kind, zone_unit)
    return lambda value: "null" if value is None else write(value)


def _row(items: Iterable[tuple[str, str]]) -> str:
    return "{" + ", ".join(f"{name}={value}" for name, value in items) + "}"


def _interval(value: Any) -> str:
    """Days and time as Trino shows them; a month counts 30 days, as in the engine."""
    seconds, nanoseconds = divmod(value.nanoseconds, 1_000_000_000)
    days, seconds = divmod(seconds, 86400)
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    days += value.days + 30 * value.months
    return f"{days} {hours:02}:{minutes:02}:{seconds:02}.{nanoseconds // 1_000_000:03}"


def java_number(shortest: str) -> str:
    """A floating point number as Java prints it, from Python's shortest text of it."""
    number = float(shortest)
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    if number == 0 or 1e-3 <= abs(number) < 1e7:
        return shortest
    exact = decimal.Decimal(shortest)
    sign, digits, _ = exact.normalize().as_tuple()
    fraction = "".join(map(str, digits[1:])) or "0"
    return f"{'-' if sign else ''}{digits[0]}.{fraction}E{exact.adjusted()}"
