"""Iceberg tables: read through pyiceberg, deletes and evolved schemas included."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyarrow as pa
from pyiceberg.catalog.noop import NoopCatalog
from pyiceberg.expressions import AlwaysTrue, BooleanExpression
from pyiceberg.io.pyarrow import ArrowScan, schema_to_pyarrow
from pyiceberg.serializers import FromInputFile
from pyiceberg.table import DataScan, FileScanTask, StaticTable

from cloudstage.athena.errors import QueryFailed, not_supported
from cloudstage.athena.tables.catalog import GlueTable
from cloudstage.athena.tables.file_io import StageFileIO
from cloudstage.athena.tables.objects import StageObjects
from cloudstage.athena.tables.scan import TableScan

# Files read at a time. pyiceberg reads all files it is given at once, each whole.
_FILES_AT_A_TIME = 8


def load(table: GlueTable, objects: StageObjects) -> StaticTable:
    """The table as its current metadata file describes it."""
    location = table.parameters.get("metadata_location")
    if not location:
        raise QueryFailed(
            "ICEBERG_INVALID_METADATA", f"Table {table.database}.{table.name} has no metadata_location"
        )
    file_io = StageFileIO(objects)
    try:
        metadata = FromInputFile.table_metadata(file_io.new_input(location))
    except FileNotFoundError as error:
        raise QueryFailed(
            "ICEBERG_MISSING_METADATA",
            f"Metadata not found in metadata location for table {table.name}: {location}",
        ) from error
    return StaticTable(
        identifier=(table.database, table.name),
        metadata=metadata,
        metadata_location=location,
        io=file_io,
        catalog=NoopCatalog("stage"),
    )


class IcebergScan(TableScan):
    """Some columns of one snapshot of a table, rows that can't match a filter left out where it is easy."""

    def __init__(
        self,
        table: StaticTable,
        columns: Sequence[str],
        row_filter: BooleanExpression | None = None,
        snapshot_id: int | None = None,
    ) -> None:
        super().__init__()
        self._table = table
        self._scan: DataScan = table.scan(
            row_filter=row_filter or AlwaysTrue(),
            selected_fields=tuple(columns),
            case_sensitive=False,
            snapshot_id=snapshot_id,
        )
        self._projection = self._scan.projection()
        self.schema = _nullable(schema_to_pyarrow(self._projection, include_field_ids=False))

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows, a few files at a time."""
        tasks = self._planned()
        self.bytes_read += sum(task.file.file_size_in_bytes for task in tasks)
        reader = ArrowScan(
            table_metadata=self._table.metadata,
            io=self._table.io,
            projected_schema=self._projection,
            row_filter=self._scan.row_filter,
            case_sensitive=False,
        )
        for start in range(0, len(tasks), _FILES_AT_A_TIME):
            for batch in reader.to_record_batches(tasks[start : start + _FILES_AT_A_TIME]):
                yield batch.select(self.schema.names).cast(self.schema)

    def _planned(self) -> list[FileScanTask]:
        try:
            return list(self._scan.plan_files())
        except ValueError as error:
            if "equality deletes" not in str(error):
                raise
            raise not_supported(
                f"A cloudstage can't read equality deletes, which table {'.'.join(self._table.name())} has"
            ) from error


def _nullable(schema: pa.Schema) -> pa.Schema:
    """The schema without NOT NULL, which batches are not marked with."""
    return pa.schema([field.with_nullable(True).remove_metadata() for field in schema])
