"""Frames into files, and what was written into the catalog."""
# ruff: noqa: N802 (the methods of classes of Java)

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as sf

from . import formats
from .catalog import Catalog, NewTable, Table
from .frame import Frame
from .refusal import NotPartOfCloudstageError, Refusing

_PARTITIONS_ONLY = "LOG"
_HOW = {"callSite", "groupFiles", "groupSize", "useFrameName"}


class _Writing(Refusing, ABC):
    """What both kinds of sinks have in common: how ``awsglue`` hands frames over, and gets the errors back."""

    _name = "DataSink"

    def pyWriteDynamicFrame(self, frame: Frame, *_: Any) -> Frame:
        """Write a frame; there are no errors to be returned, since one that occurs is raised."""
        self._write(frame.data)
        return Frame(frame.data.limit(0))

    def pyWriteDataFrame(self, data: Any, context: Any, *_: Any) -> Any:
        """Write one of Spark's data frames (Java's object)."""
        frame = DataFrame(data, context.session)
        self._write(frame)
        return frame.limit(0)._jdf

    def setAccumulableSize(self, _: int) -> None:
        """Nothing: it limits how many errors are kept."""

    @abstractmethod
    def _write(self, data: DataFrame) -> None:
        """Write a frame."""


class Sink(_Writing):
    """New files below a path; those that are there stay. On request a table of the catalog is kept in step."""

    def __init__(self, options: dict[str, Any]) -> None:
        given = {name: value for name, value in options.items() if name not in _HOW}
        self._path = given.pop("path", None)
        self._keys: list[str] = list(given.pop("partitionKeys", []) or [])
        self._updates_catalog = _true(given.pop("enableUpdateCatalog", False))
        self._behaviour = given.pop("updateBehavior", "UPDATE_IN_DATABASE")
        self._format_options = {name: given.pop(name) for name in ("compression",) if name in given}
        self._format: str | None = None
        self._named: tuple[str, str] | None = None
        if given:
            raise NotPartOfCloudstageError(f"connection options {sorted(given)}")

    def setFormat(self, file_format: str, options: dict[str, Any]) -> None:
        """Say what to write."""
        self._format = formats.named(file_format)
        self._format_options |= options

    def setCatalogInfo(self, database: str, table: str, _catalog: str = "") -> None:
        """Name the table to keep in step."""
        self._named = (database, table)

    def _write(self, data: DataFrame) -> None:
        if self._format is None or not self._path:
            raise ValueError("write_dynamic_frame needs a format, and connection_options with a path")
        _add_files(data, self._path, self._format, self._format_options, self._keys)
        if self._updates_catalog and self._named:
            catalog = Catalog()
            found = catalog.find(*self._named)
            if found is None or self._behaviour != _PARTITIONS_ONLY:
                location = self._path.rstrip("/") + "/"
                new = NewTable(*self._named, location, self._format, data.schema, self._keys)
                found = catalog.save(new)
            _add_partitions(catalog, found, data)


class CatalogSink(_Writing):
    """New files of a table, in its format and at its location."""

    def __init__(self, table: Table, options: dict[str, Any]) -> None:
        self._table = table
        self._keys: list[str] = list(options.get("partitionKeys", []) or [])
        self._updates_catalog = _true(options.get("enableUpdateCatalog", False))

    def _write(self, data: DataFrame) -> None:
        file_format = self._table.format
        options = self._csv_options() if file_format == "csv" else {}
        _add_files(data, self._table.location, file_format, options, self._keys)
        if self._updates_catalog:
            _add_partitions(Catalog(), self._table, data)

    def _csv_options(self) -> dict[str, Any]:
        given = self._table.parameters
        separator = given.get("separatorChar") or given.get("field.delim") or given.get("delimiter") or ","
        return {"separator": separator, "writeHeader": int(given.get("skip.header.line.count", 0)) > 0}


def _add_files(
    data: DataFrame, path: str, file_format: str, options: dict[str, Any], keys: list[str]
) -> None:
    writer = data.write.mode("append").options(**formats.writing(file_format, options))
    (writer.partitionBy(*keys) if keys else writer).format(file_format).save(path)


def _add_partitions(catalog: Catalog, table: Table, data: DataFrame) -> None:
    names = [name for name, _ in table.partition_keys]
    if names:
        values = data.select(*(sf.col(f"`{name}`").cast("string") for name in names)).distinct().collect()
        catalog.add_partitions(table, [tuple(row) for row in values])


def _true(value: Any) -> bool:
    return str(value).lower() == "true"
