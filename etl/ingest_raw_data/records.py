"""Raw records to records of the lake: an observation each, or the reason why not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from . import values
from .raw_records import RawRecord
from .reasons import ReasonCode, RejectedError
from .sources import SourceMapping, ValueColumn

if TYPE_CHECKING:
    import pyarrow

_KEPT_CHARACTERS = 8192


class Record(NamedTuple):
    """An observation, or (`reason_code` is not None) a rejected record with what is known of it.

    `value` is finite, `observed_at` in UTC without a zone. `raw_line` is kept for rejected records only.
    """

    source_file: str
    line_number: int
    column_name: str
    raw_line: str | None
    signal_name: str | None
    observed_at: datetime | None
    value: float | None
    unit: str | None
    source: str | None
    reason_code: str | None
    reason: str | None


SPARK_SCHEMA = (
    "source_file STRING, line_number BIGINT, column_name STRING, raw_line STRING, signal_name STRING, "
    "observed_at TIMESTAMP_NTZ, value DOUBLE, unit STRING, source STRING, reason_code STRING, reason STRING"
)
"""The fields of `Record` for Spark."""

_ARROW_TYPES = {"STRING": "string", "BIGINT": "int64", "TIMESTAMP_NTZ": "timestamp[us]", "DOUBLE": "double"}
"""Spark's type names to Arrow's."""


def arrow_batch(rows: Sequence[Record]) -> pyarrow.RecordBatch:
    """The records as Arrow has them, with the types of `SPARK_SCHEMA`; at least one record."""
    import pyarrow

    typed = [column.split(" ") for column in SPARK_SCHEMA.split(", ")]
    columns = zip(*rows, strict=True)
    arrays = [
        pyarrow.array(column, pyarrow.type_for_alias(_ARROW_TYPES[kind]))
        for column, (_, kind) in zip(columns, typed, strict=True)
    ]
    return pyarrow.RecordBatch.from_arrays(arrays, names=[name for name, _ in typed])


def observations(source_file: str, raw: RawRecord, mapping: SourceMapping) -> Iterator[Record]:
    """What one raw record says: one record per value column, or one for a record that has no fields."""
    if raw.rejected:
        yield _rejected(source_file, raw, mapping, raw.rejected)
        return
    for column in mapping.values:
        yield _observation(source_file, raw, mapping, column)


def rejected_file(source_file: str, mapping: SourceMapping, rejected: RejectedError) -> Record:
    """The one record of a file that can't be read at all."""
    return _rejected(source_file, RawRecord(0, ""), mapping, rejected)


def _observation(source_file: str, raw: RawRecord, mapping: SourceMapping, column: ValueColumn) -> Record:
    fields = raw.fields
    signal = column.signal_name or mapping.signal_name or fields.get(mapping.columns.get("signal_name", ""))
    source = fields.get(mapping.columns.get("source", "")) or mapping.name
    source = str(source) if source is not None else None
    unit = column.unit or mapping.unit or fields.get(mapping.columns.get("unit", ""))
    name = column.name if mapping.wide else ""
    try:
        signal = values.signal_name(signal)
        return Record(
            source_file=source_file,
            line_number=raw.line_number,
            column_name=name,
            raw_line=None,
            signal_name=signal,
            observed_at=values.time(_time_text(raw, mapping, column), mapping.time_format),
            value=values.number(fields.get(column.name), mapping.missing_values),
            unit=values.unit(unit),
            source=source,
            reason_code=None,
            reason=None,
        )
    except RejectedError as rejected:
        known = signal if isinstance(signal, str) and rejected.code not in _SIGNAL_UNKNOWN else None
        return _rejected(source_file, raw, mapping, rejected)._replace(
            column_name=name, signal_name=known, source=source
        )


_SIGNAL_UNKNOWN = (ReasonCode.SIGNAL_NAME_MISSING, ReasonCode.SIGNAL_NAME_INVALID)


def _time_text(raw: RawRecord, mapping: SourceMapping, column: ValueColumn) -> str:
    parts: list[Any] = [raw.fields.get(name) for name in mapping.time_columns]
    if any(part is None or not str(part).strip() for part in parts):
        return ""
    return " ".join([*(str(part).strip() for part in parts), *([column.time] if column.time else [])])


def _rejected(source_file: str, raw: RawRecord, mapping: SourceMapping, rejected: RejectedError) -> Record:
    return Record(
        source_file=source_file,
        line_number=raw.line_number,
        column_name="",
        raw_line=raw.text[:_KEPT_CHARACTERS],
        signal_name=mapping.signal_name or None,
        observed_at=None,
        value=None,
        unit=None,
        source=mapping.name,
        reason_code=rejected.code.value,
        reason=rejected.reason,
    )
