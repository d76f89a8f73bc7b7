"""The one way rows get into a table: stage files nobody sees yet, then commit them at once.

A commit *replaces* the rows whose `column` holds one of `values` (the raw files a run has read): it adds
the new rows and removes what an earlier, killed or outdated run left of these files. It is refused if
anybody has added such rows since the table was opened. So whatever is killed or runs at the same time,
doing it again gives the same rows. Why it is done so: docs/decisions/0003.

The staging is Iceberg's own, the one its compaction uses: files are written and held back instead of
being committed. A killed run leaves files that no snapshot mentions, which Iceberg's
`remove_orphan_files` finds.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from py4j.protocol import Py4JJavaError
from pyspark.sql import functions

from dst.errors import CommitConflictError, CommitError
from dst.lake.table import Table

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_ROWS_PER_TASK = 1_000_000
_CONFLICTS = ("ValidationException", "CommitFailedException")


@dataclass(frozen=True)
class Staged:
    """Rows ready to be committed.

    Attributes:
        table: as it was when the rows were made.
        column, values: which rows they replace.
        added, removed: Iceberg's ``DataFile`` objects.
    """

    table: Table
    column: str
    values: Sequence[str]
    added: list[Any]
    removed: list[Any]


def stage(table: Table, rows: DataFrame, count: int, column: str, values: Sequence[str]) -> Staged:
    """Write rows as files of the table which no reader sees yet.

    Args:
        table: opened before anything was read that decided on the rows.
        rows: with the contract's columns.
        count: how many rows there are.
        column: holds what the rows belong to, for instance their raw file.
        values: of the column; all rows with one of them are replaced.
    """
    removed = _files_with(table, column, values)
    if removed:
        rows = rows.unionByName(_others(table, removed, column, values))
        count += sum(file.recordCount() for file in removed)
    added = (
        _write(table, rows.select(*[each.name for each in table.contract.columns]), count) if count else []
    )
    return Staged(table, column, values, added, removed)


def _write(table: Table, rows: DataFrame, count: int) -> list[Any]:
    # Each partition of the table is written by one task, one file after the other: as few files as there
    # can be, and one open at a time. Spark's own choice would give small data to a single task.
    parallelism = table.spark.sparkContext.defaultParallelism
    tasks = max(1, min(count, parallelism), count // _ROWS_PER_TASK)
    partitions = table.contract.partition_columns
    spread = rows.repartition(tasks, *partitions) if partitions else rows.coalesce(tasks)
    staging = f"dst-{uuid.uuid4().hex}"
    (
        spread.sortWithinPartitions(*partitions, *table.contract.primary_key)
        .writeTo(table.name)
        .option("rewritten-file-scan-task-set-id", staging)
        .option("use-table-distribution-and-ordering", "false")
        .option("fanout-enabled", "false")
        .append()
    )
    coordinator = _iceberg(table).spark.FileRewriteCoordinator.get()
    added = list(_each(coordinator.fetchNewFiles(table.handle, staging)))
    coordinator.clearRewrite(table.handle, staging)
    return added


def commit(staged: Staged, properties: Mapping[str, str]) -> int | None:
    """Make staged rows visible, in one snapshot whose summary holds the properties.

    Returns:
        The snapshot's id; None if there was nothing to add and nothing to remove.

    Raises:
        CommitConflictError: rows of the same `values` were committed since the table was opened; nothing
            was changed, and the staged files are deleted.
        CommitError: the catalog did not say whether it took the commit; doing everything again is safe.
    """
    if not staged.added and not staged.removed:
        return None
    overwrite = _overwrite(staged)
    for key, value in properties.items():
        overwrite.set(key, value)
    try:
        overwrite.commit()
    except Py4JJavaError as error:
        kind, message = error.java_exception.getClass().getSimpleName(), error.java_exception.getMessage()
        if kind in _CONFLICTS:
            discard(staged)
            raise CommitConflictError(
                f"{staged.table.name} was changed by somebody else meanwhile: {message}"
            ) from error
        raise CommitError(
            f"{staged.table.name} could not be committed: {kind}: {message}; run the job again"
        ) from error
    made = overwrite.updateEvent()
    if int(made.summary().getOrDefault("deleted-data-files", "0")) != len(staged.removed):
        # Iceberg lets an overwrite pass whose old file was compacted away meanwhile: its rows live on.
        raise CommitConflictError(
            f"{staged.table.name} was compacted meanwhile; rows must be replaced once more"
        )
    return int(made.snapshotId())


def discard(staged: Staged) -> None:
    """Delete staged files that will not be committed."""
    for file in staged.added:
        staged.table.handle.io().deleteFile(file.location())


def _overwrite(staged: Staged) -> Any:
    table = staged.table
    overwrite = table.handle.newOverwrite()
    if table.snapshot_id is not None:
        overwrite = overwrite.validateFromSnapshot(table.snapshot_id)
    overwrite = overwrite.conflictDetectionFilter(_is_one_of(table, staged.column, staged.values))
    overwrite = overwrite.validateNoConflictingData().validateNoConflictingDeletes()
    for file in staged.removed:
        overwrite = overwrite.deleteFile(file)
    for file in staged.added:
        overwrite = overwrite.addFile(file)
    return overwrite


def _files_with(table: Table, column: str, values: Sequence[str]) -> list[Any]:
    """The table's data files that hold a row to be replaced; mostly statistics show that there is none."""
    if table.snapshot_id is None:
        return []
    scan = table.handle.newScan().useSnapshot(table.snapshot_id).filter(_is_one_of(table, column, values))
    tasks = scan.planFiles()
    try:
        candidates = {task.file().location(): task.file() for task in _each(tasks)}
    finally:
        tasks.close()
    if not candidates:
        return []
    holding = table.read().where(functions.col(column).isin(*values)).select("_file").distinct().collect()
    return [candidates[row["_file"]] for row in holding]


def _others(table: Table, files: Sequence[Any], column: str, values: Sequence[str]) -> DataFrame:
    """Rows that share a file with rows to be replaced, and stay."""
    rows = table.read()
    in_files = functions.col("_file").isin(*[file.location() for file in files])
    return rows.where(in_files & ~functions.col(column).isin(*values)).select(*rows.columns)


def _is_one_of(table: Table, column: str, values: Sequence[str]) -> Any:
    literals = table.spark._jvm.java.util.ArrayList()  # type: ignore[union-attr]
    for value in values:
        literals.add(value)
    return getattr(_iceberg(table).expressions.Expressions, "in")(column, literals)


def _iceberg(table: Table) -> Any:
    return table.spark._jvm.org.apache.iceberg  # type: ignore[union-attr]


def _each(iterable: Any) -> Iterator[Any]:
    iterator = iterable.iterator()
    while iterator.hasNext():
        yield iterator.next()
