"""Ingests raw signal files: what is usable goes to `observations`, the rest to `observations_quarantine`."""

import logging
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from pyspark.errors import PythonException

from dst.errors import CommitConflictError, CommitError
from dst.job import job
from dst.lake import Lake
from dst.s3_uri import S3Uri

from . import sources
from .counts import FileCounts, count
from .ledger import open_ledger
from .raw_file import FileReplacedError
from .read import SourceFile, read_data
from .transform import transform_data
from .write import Tables, write_data

log = logging.getLogger(__name__)

_ATTEMPTS = 5


@dataclass(frozen=True)
class Params:
    """Parameters.

    Attributes:
        source_data_uri: prefix below which every file is raw data.
        target_data_uri: where the table `observations` is created if it does not exist.
    """

    source_data_uri: S3Uri
    target_data_uri: S3Uri


@dataclass
class Summary:
    """What a run did. Rows are records: lines of a long file, cells of a wide one.

    Attributes:
        files_new: files read in this run.
        files_known: files that had been ingested before, with the same content.
        rows_read: `rows_written` + `rows_quarantined`.
        snapshot_id: of `observations`; None if the run did not change it.
        snapshots: of each table that the run changed.
        seconds: that each step took.
    """

    files_new: int = 0
    files_known: int = 0
    rows_read: int = 0
    rows_written: int = 0
    rows_quarantined: int = 0
    quarantined_by_reason: dict[str, int] = field(default_factory=dict)
    snapshot_id: int | None = None
    snapshots: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)


@job
def run(params: Params, lake: Lake) -> Summary:
    """Ingest the files that have not been ingested, or have changed since."""
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            return _ingest(params, lake)
        except CommitConflictError as conflict:
            log.warning("Begin again: %s", conflict, extra={"attempt": attempt})
    raise CommitError(
        f"gave up after {_ATTEMPTS} conflicts with other runs; nothing is lost, start the job again later"
    )


def _ingest(params: Params, lake: Lake) -> Summary:
    summary = Summary()
    with _timed(summary, "open_tables"):
        # Opened before the ledger is read: what others commit from here on is a conflict, not an oversight.
        tables = Tables(
            lake.table("observations", params.target_data_uri), lake.table("observations_quarantine")
        )
        ledger = open_ledger(lake)
    with _timed(summary, "list_files"):
        root = params.source_data_uri.child("")
        listed = list(lake.objects(root))
        new = ledger.unknown(listed)
        mappings = sources.load(lake.run.package)
        files = [
            SourceFile(each, sources.choose(each.uri.key.removeprefix(root.key), mappings)) for each in new
        ]
    summary.files_new, summary.files_known = len(new), len(listed) - len(new)
    log.info("Files listed", extra={"files_new": summary.files_new, "files_known": summary.files_known})
    if not files:
        return summary
    records = read_data(lake.spark, files).persist()
    try:
        with _timed(summary, "read"):
            counts = _count(summary, count(records, files))
        with _timed(summary, "write"):
            summary.snapshots = write_data(lake, tables, ledger, transform_data(records, lake.run), counts)
    except PythonException as error:
        if FileReplacedError.__name__ in str(error):
            raise CommitConflictError("a raw file was replaced or deleted while it was being read") from error
        raise
    finally:
        records.unpersist()
    summary.snapshot_id = summary.snapshots.get("observations")
    return summary


def _count(summary: Summary, counts: list[FileCounts]) -> list[FileCounts]:
    summary.rows_written = sum(each.written for each in counts)
    summary.rows_quarantined = sum(each.quarantined for each in counts)
    summary.rows_read = summary.rows_written + summary.rows_quarantined
    summary.quarantined_by_reason = dict(sum((each.reasons for each in counts), Counter()))
    return counts


@contextmanager
def _timed(summary: Summary, step: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    summary.seconds[step] = round(time.monotonic() - began, 3)


handler = run.handler

if __name__ == "__main__":
    run.main()
