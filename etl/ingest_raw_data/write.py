"""Writes what was read: staged first, then committed table by table, the ledger last.

Only a file in the ledger counts as ingested. A run killed between two commits leaves rows of files that
are not in it; the next run reads these files again and replaces those rows. See docs/decisions/0003.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dst.lake import Lake
from dst.lake.commit import Staged, commit, discard, stage

from .counts import FileCounts
from .ledger import Ledger
from .transform import Transformed

if TYPE_CHECKING:
    from dst.lake.table import Table

_KEY = "source_file"


@dataclass(frozen=True)
class Tables:
    """The job's tables, opened before the ledger was read."""

    observations: Table
    quarantine: Table


def write_data(
    lake: Lake, tables: Tables, ledger: Ledger, rows: Transformed, counts: Sequence[FileCounts]
) -> dict[str, int]:
    """Commit the rows of the files, then the files themselves.

    Args:
        lake: of the run.
        tables: the rows of the files that they hold already are replaced.
        ledger: the files are entered into it.
        rows: of the files.
        counts: what was counted in each file.

    Returns:
        The id of each new snapshot, by table; a table that did not change has none.

    Raises:
        CommitConflictError: another run has committed rows of the same files; begin again.
    """
    files = [each.source_file for each in counts]
    staged = _stage(tables, rows, counts, files)
    snapshots = {}
    try:
        while staged:
            name = staged[0].table.contract.table
            snapshots[name] = commit(staged.pop(0), lake.snapshot_properties)
    finally:
        for uncommitted in staged:
            discard(uncommitted)
    snapshots[ledger.table.contract.table] = ledger.enter(lake, counts)
    return {name: snapshot for name, snapshot in snapshots.items() if snapshot is not None}


def _stage(
    tables: Tables, rows: Transformed, counts: Sequence[FileCounts], files: Sequence[str]
) -> list[Staged]:
    rejected, written = sum(each.quarantined for each in counts), sum(each.written for each in counts)
    return [
        stage(tables.quarantine, rows.quarantine, rejected, _KEY, files),
        stage(tables.observations, rows.observations, written, _KEY, files),
    ]
