"""The ledger: which raw files have been ingested, in which version."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dst.lake import Lake, RawObject
from dst.lake.commit import commit, stage

if TYPE_CHECKING:
    from dst.lake.table import Table

    from .counts import FileCounts


@dataclass(frozen=True)
class Ledger:
    """The table `ingested_files` and the etag of each file in it."""

    table: Table
    etags: dict[str, str]

    def unknown(self, objects: Iterable[RawObject]) -> list[RawObject]:
        """Those objects that are not in it with their content of now."""
        return [each for each in objects if self.etags.get(str(each.uri)) != each.etag]

    def enter(self, lake: Lake, counts: Sequence[FileCounts]) -> int | None:
        """Commit what became of files; return the snapshot's id.

        Raises:
            CommitConflictError: another run has entered one of them meanwhile.
        """
        rows = [
            (
                each.source_file,
                each.file.object.etag,
                each.file.object.size_bytes,
                each.written + each.quarantined,
                each.written,
                each.quarantined,
                lake.run.run_id,
                lake.run.began_at,
            )
            for each in counts
        ]
        frame = lake.spark.createDataFrame(rows, self.table.contract.spark_schema())
        staged = stage(self.table, frame, len(rows), "source_file", [each.source_file for each in counts])
        return commit(staged, lake.snapshot_properties)


def open_ledger(lake: Lake) -> Ledger:
    """Read the ledger as it is now."""
    table = lake.table("ingested_files")
    if table.snapshot_id is None:
        return Ledger(table, {})
    rows = table.read().select("source_file", "etag").collect()
    return Ledger(table, {row["source_file"]: row["etag"] for row in rows})
