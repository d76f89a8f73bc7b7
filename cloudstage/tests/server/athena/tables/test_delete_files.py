# ruff: noqa: S608 (the tests write their own SQL)
"""Rows that a writer such as Spark has deleted by delete files are not read."""

from __future__ import annotations

import io
import time
import uuid

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyiceberg.catalog.glue import GlueCatalog
from pyiceberg.manifest import (
    DataFile,
    DataFileContent,
    FileFormat,
    ManifestContent,
    ManifestEntry,
    ManifestEntryStatus,
    ManifestFile,
    ManifestWriterV2,
    write_manifest_list,
)
from pyiceberg.table import Table
from pyiceberg.table.snapshots import Snapshot
from pyiceberg.table.update import AddSnapshotUpdate, SetSnapshotRefUpdate
from pyiceberg.typedef import Record

from ..queries import Queries

PATH_ID, POSITION_ID, ID_ID = "2147483546", "2147483545", "1"


class DeleteManifestWriter(ManifestWriterV2):
    """pyiceberg reads delete files but writes none."""

    def content(self) -> ManifestContent:
        return ManifestContent.DELETES


def _write_delete_file(table: Table, content: DataFileContent, rows: pa.Table) -> DataFile:
    file = io.BytesIO()
    pq.write_table(rows, file)
    location = f"{table.location()}/data/{uuid.uuid4()}-deletes.parquet"
    with table.io.new_output(location).create() as stream:
        stream.write(file.getvalue())
    return DataFile.from_args(
        content=content,
        file_path=location,
        file_format=FileFormat.PARQUET,
        partition=Record(),
        record_count=rows.num_rows,
        file_size_in_bytes=len(file.getvalue()),
        equality_ids=[1] if content is DataFileContent.EQUALITY_DELETES else None,
    )


def _commit(table: Table, deletes: DataFile) -> None:
    """A snapshot with what the table has and one more delete file."""
    current = table.metadata.current_snapshot()
    assert current is not None
    assert current.sequence_number is not None
    identifier = current.snapshot_id + 1
    manifest = _write_manifest(table, deletes, identifier)
    location = f"{table.location()}/metadata/snap-{identifier}.avro"
    sequence = current.sequence_number + 1
    with write_manifest_list(
        2, table.io.new_output(location), identifier, current.snapshot_id, sequence, "null"
    ) as manifests:
        manifests.add_manifests([*current.manifests(table.io), manifest])
    snapshot = Snapshot.model_validate(
        {
            "snapshot-id": identifier,
            "parent-snapshot-id": current.snapshot_id,
            "sequence-number": sequence,
            "timestamp-ms": int(time.time() * 1000),
            "manifest-list": location,
            "summary": {"operation": "delete"},
            "schema-id": table.schema().schema_id,
        }
    )
    main = {"ref-name": "main", "type": "branch", "snapshot-id": identifier}
    with table.transaction() as transaction:
        transaction._apply((AddSnapshotUpdate(snapshot=snapshot), SetSnapshotRefUpdate.model_validate(main)))


def _write_manifest(table: Table, deletes: DataFile, snapshot_id: int) -> ManifestFile:
    output = table.io.new_output(f"{table.location()}/metadata/{uuid.uuid4()}-m0.avro")
    with DeleteManifestWriter(table.spec(), table.schema(), output, snapshot_id, "null") as writer:
        entry = ManifestEntry.from_args(
            status=ManifestEntryStatus.ADDED, snapshot_id=snapshot_id, data_file=deletes
        )
        writer.add_entry(entry)
    return writer.to_manifest_file()


@pytest.fixture
def table(iceberg: GlueCatalog, database: str) -> Table:
    """Four rows in one file."""
    rows = pa.table({"id": pa.array([1, 2, 3, 4], pa.int64()), "name": ["a", "b", "c", "d"]})
    table = iceberg.create_table((database, f"t_{uuid.uuid4().hex[:8]}"), rows.schema)
    table.append(rows)
    return table


def test_rows_deleted_by_their_position_are_gone(queries: Queries, table: Table) -> None:
    (task,) = table.scan().plan_files()
    schema = pa.schema(
        [
            pa.field("file_path", pa.string(), metadata={"PARQUET:field_id": PATH_ID}),
            pa.field("pos", pa.int64(), metadata={"PARQUET:field_id": POSITION_ID}),
        ]
    )
    positions = pa.table({"file_path": [task.file.file_path] * 2, "pos": [0, 2]}, schema=schema)
    _commit(table, _write_delete_file(table, DataFileContent.POSITION_DELETES, positions))
    name = table.name()[-1]
    assert queries.rows(f"SELECT * FROM {name} ORDER BY id") == [["2", "b"], ["4", "d"]]
    assert queries.rows(f"SELECT count(*) FROM {name} WHERE id = 3 OR id > 3") == [["1"]]
    assert queries.rows(f"SELECT name FROM {name} WHERE id = 3") == []
    earlier = table.metadata.snapshots[0].snapshot_id
    assert queries.rows(f"SELECT count(*) FROM {name} FOR VERSION AS OF {earlier}") == [["4"]]


def test_rows_deleted_by_their_values_can_t_be_read_and_it_says_so(queries: Queries, table: Table) -> None:
    schema = pa.schema([pa.field("id", pa.int64(), metadata={"PARQUET:field_id": ID_ID})])
    values = pa.table({"id": [3]}, schema=schema)
    _commit(table, _write_delete_file(table, DataFileContent.EQUALITY_DELETES, values))
    reason = queries.failure(f"SELECT * FROM {table.name()[-1]}")
    assert reason.startswith("NOT_SUPPORTED: A cloudstage can't read equality deletes")
