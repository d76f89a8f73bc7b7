"""The metadata tables of Iceberg: ``"table$snapshots"`` and its kind, with Athena's columns.

https://docs.aws.amazon.com/athena/latest/ug/querying-iceberg-table-metadata.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyarrow as pa
from pyiceberg.conversions import from_bytes
from pyiceberg.table import StaticTable
from pyiceberg.types import PrimitiveType

_ZONED = pa.timestamp("ms", tz="UTC")


def _snapshots(table: StaticTable) -> pa.Table:
    columns = ["committed_at", "snapshot_id", "parent_id", "operation", "manifest_list", "summary"]
    return _with_zone(table.inspect.snapshots().select(columns), "committed_at")


def _history(table: StaticTable) -> pa.Table:
    return _with_zone(table.inspect.history(), "made_current_at")


def _files(table: StaticTable) -> pa.Table:
    columns = [
        "content",
        "file_path",
        "file_format",
        "record_count",
        "file_size_in_bytes",
        "column_sizes",
        "value_counts",
        "null_value_counts",
        "nan_value_counts",
        "lower_bounds",
        "upper_bounds",
        "key_metadata",
        "split_offsets",
        "equality_ids",
    ]
    found = table.inspect.files().select(columns)
    for name in ("lower_bounds", "upper_bounds"):
        texts = pa.array(
            [_bounds(table, bounds) for bounds in found.column(name).to_pylist()],
            pa.map_(pa.int32(), pa.string()),
        )
        found = found.set_column(columns.index(name), name, texts)
    return found


def _bounds(table: StaticTable, bounds: list[tuple[int, bytes]] | None) -> list[tuple[int, str]] | None:
    if bounds is None:
        return None
    texts = []
    for identifier, value in bounds:
        kind = table.schema().find_type(identifier)
        if isinstance(kind, PrimitiveType):
            texts.append((identifier, str(from_bytes(kind, value))))
    return texts


def _partitions(table: StaticTable) -> pa.Table:
    found = table.inspect.partitions()
    columns = ["record_count", "file_count", "total_data_file_size_in_bytes"]
    if "partition" in found.column_names:
        columns.insert(0, "partition")
    named = found.select(columns)
    return named.rename_columns([*columns[:-1], "total_size"])


def _manifests(table: StaticTable) -> pa.Table:
    columns = [
        "path",
        "length",
        "partition_spec_id",
        "added_snapshot_id",
        "added_data_files_count",
        "existing_data_files_count",
        "deleted_data_files_count",
        "partition_summaries",
    ]
    return table.inspect.manifests().select(columns)


def _refs(table: StaticTable) -> pa.Table:
    columns = ["name", "type", "snapshot_id"]
    columns += ["max_reference_age_in_ms", "min_snapshots_to_keep", "max_snapshot_age_in_ms"]
    return table.inspect.refs().select(columns)


def _with_zone(table: pa.Table, name: str) -> pa.Table:
    position = table.column_names.index(name)
    column = table.column(name).cast(pa.timestamp("ms"))
    return table.set_column(
        position, name, pa.chunked_array([_zoned(chunk) for chunk in column.chunks], _ZONED)
    )


def _zoned(values: pa.Array) -> Any:
    return values.cast(pa.int64()).cast(_ZONED)


METADATA_TABLES: dict[str, Callable[[StaticTable], pa.Table]] = {
    "files": _files,
    "history": _history,
    "manifests": _manifests,
    "partitions": _partitions,
    "refs": _refs,
    "snapshots": _snapshots,
}
