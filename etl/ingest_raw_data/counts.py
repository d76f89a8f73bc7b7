"""What was counted in each raw file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .read import SourceFile

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


@dataclass(frozen=True)
class FileCounts:
    """Records of one file: `written` became observations, `reasons` says how many were rejected, and why."""

    file: SourceFile
    written: int = 0
    reasons: Counter[str] = field(default_factory=Counter)

    @property
    def source_file(self) -> str:
        """The file's address."""
        return str(self.file.object.uri)

    @property
    def quarantined(self) -> int:
        """How many records were rejected."""
        return self.reasons.total()


def count(records: DataFrame, files: Sequence[SourceFile]) -> list[FileCounts]:
    """Count the records of each file by what became of them, a file without any included.

    Args:
        records: with the columns `source_file` and `reason_code`.
        files: which they are of.
    """
    found: dict[str, Counter[str | None]] = {}
    for source_file, code, number in records.groupBy("source_file", "reason_code").count().collect():
        found.setdefault(source_file, Counter())[code] = number
    return [_of(file, found.get(str(file.object.uri), Counter())) for file in files]


def _of(file: SourceFile, found: Counter[str | None]) -> FileCounts:
    reasons = Counter({code: number for code, number in found.items() if code is not None})
    return FileCounts(file, found[None], reasons)
