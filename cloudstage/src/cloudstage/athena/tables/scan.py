"""What the engine scans: a stream of Arrow batches that can be started again and again.

The engine asks for a new stream each time it scans (a table used twice, a correlated subquery), so a scan
must not be used up by its first reading. Nothing but the batches at hand is held in memory.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa


class TableScan(ABC):
    """A table, or the part of it that a query needs.

    The engine talks to it through Arrow's stream protocol. ``select`` is the engine's SQL for each
    column of the table from those of ``schema``, for formats whose values are text first.
    """

    schema: pa.Schema
    select: Sequence[str] = ("*",)

    def __init__(self) -> None:
        self.bytes_read = 0
        self.rows_read = 0
        self.failure: Exception | None = None

    @abstractmethod
    def batches(self) -> Iterator[pa.RecordBatch]:
        """Read once from the start; each batch has exactly ``schema``."""

    def _counted(self) -> Iterator[pa.RecordBatch]:
        try:
            for batch in self.batches():
                self.rows_read += batch.num_rows
                yield batch
        except Exception as error:  # the engine keeps but the text of it: see Session
            self.failure = error
            raise

    def __arrow_c_schema__(self) -> Any:
        return self.schema.__arrow_c_schema__()

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        reader = pa.RecordBatchReader.from_batches(self.schema, self._counted())
        return reader.__arrow_c_stream__(requested_schema)


class MemoryScan(TableScan):
    """A table that is already in memory: metadata tables and the like."""

    def __init__(self, table: pa.Table) -> None:
        super().__init__()
        self.schema = table.schema
        self._table = table

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The table's batches."""
        yield from self._table.to_batches()
