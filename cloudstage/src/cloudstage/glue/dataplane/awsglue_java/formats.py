"""The formats of files: AWS Glue's options in Spark's words.

Source: "Data format options for inputs and outputs in AWS Glue for Spark" in the AWS Glue developer guide.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .refusal import NotPartOfCloudstageError

KNOWN = ("csv", "json", "orc", "parquet")
_IGNORED = {"callSite", "optimizePerformance", "useGlueParquetWriter", "blockSize", "pageSize", "batchSize"}
_CSV = {"escaper": "escape", "quoteChar": "quote", "separator": "sep"}
_READ_ONLY = {"multiLine", "multiline", "skipFirst", "withHeader"}


def named(file_format: str) -> str:
    """A format by its own name; NotPartOfCloudstageError for one that Spark has not."""
    name = file_format.lower().removeprefix("glue")
    if name not in KNOWN:
        raise NotPartOfCloudstageError(f"format {file_format!r}", f"there are {', '.join(KNOWN)}")
    return name


def reading(file_format: str, options: Mapping[str, Any]) -> dict[str, str]:
    """Spark's options to read."""
    given = {name: value for name, value in options.items() if name not in _IGNORED}
    chosen = {}
    if file_format in ("csv", "json"):
        chosen["multiLine"] = _text(given.pop("multiLine", given.pop("multiline", False)))
    if file_format == "csv":
        chosen["header"] = _text(
            _true(given.pop("withHeader", False)) or _true(given.pop("skipFirst", False))
        )
        chosen |= _csv(given)
    _refuse(file_format, given)
    return chosen


def writing(file_format: str, options: Mapping[str, Any]) -> dict[str, str]:
    """Spark's options to write."""
    given = {name: value for name, value in options.items() if name not in _IGNORED | _READ_ONLY}
    chosen = {}
    if "compression" in given:
        compression = str(given.pop("compression")).lower()
        chosen["compression"] = "none" if compression in ("", "uncompressed") else compression
    if file_format == "csv":
        chosen["header"] = _text(given.pop("writeHeader", True))
        chosen |= _csv(given)
    _refuse(file_format, given)
    return chosen


def _csv(given: dict[str, Any]) -> dict[str, str]:
    chosen = {spark: str(given.pop(name)) for name, spark in _CSV.items() if name in given}
    if chosen.get("quote") == "-1":
        chosen["quote"] = ""
    return chosen


def _refuse(file_format: str, left: Mapping[str, Any]) -> None:
    if left:
        raise NotPartOfCloudstageError(f"options {sorted(left)} of the format {file_format}")


def _true(value: Any) -> bool:
    return str(value).lower() == "true"


def _text(value: Any) -> str:
    return str(_true(value)).lower()
