"""Parquet files that CREATE TABLE AS and UNLOAD write: one for each partition."""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Iterable, Sequence
from typing import IO, Any
from urllib.parse import quote

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from cloudstage.athena.errors import QueryFailed
from cloudstage.athena.results.store import ResultStore
from cloudstage.athena.tables.hive_types import stored_type

# Athena writes at most so many partitions in one statement.
_MOST_PARTITIONS = 100
_HELD_IN_MEMORY = 16 * 1024 * 1024
_CODECS = {"GZIP": "gzip", "LZ4": "lz4", "NONE": "none", "SNAPPY": "snappy", "ZSTD": "zstd"}
NULL_PARTITION = "__HIVE_DEFAULT_PARTITION__"


def codec(name: str | None) -> str:
    """The codec of a ``write_compression``; GZIP is Athena's default for Parquet."""
    wanted = (name or "GZIP").upper()
    if wanted not in _CODECS:
        raise QueryFailed("INVALID_PROPERTY", f"Unsupported compression {name} for format PARQUET")
    return _CODECS[wanted]


class ParquetFiles:
    """Files below ``location`` (it ends with a slash), uploaded when they are closed."""

    def __init__(
        self, store: ResultStore, location: str, compression: str, partitioned_by: Sequence[str] = ()
    ) -> None:
        self._store = store
        self._location = location
        self._codec = compression
        self._partitioned_by = list(partitioned_by)
        self._open: dict[tuple[str, ...], tuple[IO[bytes], pq.ParquetWriter]] = {}

    def write(self, batches: Iterable[pa.RecordBatch]) -> int:
        """Write all rows and upload the files; gives the number of rows."""
        rows = 0
        for batch in batches:
            rows += batch.num_rows
            for values, part in self._split(batch):
                self._writer(values, part.schema).write_table(part)
        return rows

    def close(self) -> dict[tuple[str, ...], str]:
        """Upload the files; gives their addresses by the values of their partitions."""
        written = {}
        for values, (file, writer) in self._open.items():
            writer.close()
            file.seek(0)
            directory = "".join(
                f"{name}={quote(value, safe=' ')}/"
                for name, value in zip(self._partitioned_by, values, strict=True)
            )
            written[values] = f"{self._location}{directory}{uuid.uuid4().hex}"
            self._store.upload(written[values], file)
            file.close()
        self._open = {}
        return written

    def _split(self, batch: pa.RecordBatch) -> Iterable[tuple[tuple[str, ...], pa.Table]]:
        table = _stored(pa.Table.from_batches([batch]))
        if not self._partitioned_by:
            yield (), table
            return
        keys = table.select(self._partitioned_by)
        for group in keys.group_by(self._partitioned_by).aggregate([]).to_pylist():
            chosen = pa.scalar(True)
            for name, value in group.items():
                column = table.column(name)
                matches = column.is_null() if value is None else pc.equal(column, value)
                chosen = pc.and_(chosen, pc.fill_null(matches, False))
            values = tuple(_partition_value(group[name]) for name in self._partitioned_by)
            yield values, table.filter(chosen).drop_columns(self._partitioned_by)

    def _writer(self, values: tuple[str, ...], schema: pa.Schema) -> pq.ParquetWriter:
        if values not in self._open:
            if len(self._open) == _MOST_PARTITIONS:
                raise QueryFailed(
                    "HIVE_TOO_MANY_OPEN_PARTITIONS",
                    f"Exceeded limit of {_MOST_PARTITIONS} open writers for partitions/buckets",
                )
            file = tempfile.SpooledTemporaryFile(_HELD_IN_MEMORY)  # noqa: SIM115 (closed by close)
            self._open[values] = (file, pq.ParquetWriter(file, schema, compression=self._codec))
        return self._open[values][1]


def stored_schema(schema: pa.Schema) -> pa.Schema:
    """The schema of the files for a result's schema."""
    return pa.schema([pa.field(field.name, stored_type(field.type)) for field in schema])


def _stored(table: pa.Table) -> pa.Table:
    return table.cast(stored_schema(table.schema), safe=False)


def _partition_value(value: Any) -> str:
    if value is None:
        return NULL_PARTITION
    return str(value).lower() if isinstance(value, bool) else str(value)
