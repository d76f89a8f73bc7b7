"""Frames from files and from tables of the catalog."""
# ruff: noqa: N802 (the methods of classes of Java)

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

from pyspark.errors import AnalysisException
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as sf

from . import formats
from .catalog import Catalog, Partition, Table
from .frame import Frame
from .refusal import NotPartOfCloudstageError, Refusing

# Options that tell how to read, not what: listing, grouping small files, and marking what has been read.
_HOW = {
    "boundedFiles",
    "boundedSize",
    "callSite",
    "compressionType",
    "groupFiles",
    "groupSize",
    "inPartition",
    "isFailFast",
    "jobBookmarkKeys",
    "jobBookmarkKeysSortOrder",
    "maxBand",
    "maxFilesInBand",
    "mergeSchema",
    "useS3ListImplementation",
}
_NOTHING_THERE = ("PATH_NOT_FOUND", "UNABLE_TO_INFER_SCHEMA")


class Source(Refusing):
    """Files at paths."""

    _name = "DataSource"

    def __init__(self, session: SparkSession, options: dict[str, Any]) -> None:
        self._session = session
        self._options = {name: value for name, value in options.items() if name not in _HOW}
        self._format: str | None = None
        self._format_options: dict[str, Any] = {}

    def setFormat(self, file_format: str, options: dict[str, Any]) -> None:
        """Say what the files are."""
        self._format, self._format_options = formats.named(file_format), options

    def getDataFrame(self) -> Any:
        """The files as a data frame (Java's object)."""
        return self.getDynamicFrame().data._jdf

    def getDynamicFrame(self, *_partitions: int) -> Frame:
        """The files as a frame."""
        options = dict(self._options)
        paths, recursive = options.pop("paths", None), options.pop("recurse", False)
        name_column = options.pop("attachFilename", None)
        if options:
            raise NotPartOfCloudstageError(f"connection options {sorted(options)}")
        if self._format is None or not paths:
            raise ValueError("create_dynamic_frame needs a format, and connection_options with paths")
        spark_options = formats.reading(self._format, self._format_options)
        spark_options["recursiveFileLookup"] = _text(recursive)
        data = (
            self._session.read.format(self._format)
            .options(**spark_options)
            .load([paths] if isinstance(paths, str) else list(paths))
        )
        if self._format == "csv" and str(self._format_options.get("withHeader")).lower() != "true":
            data = data.toDF(*(f"col{index}" for index in range(len(data.columns))))
        return Frame(data.withColumn(name_column, sf.input_file_name()) if name_column else data)


class CatalogSource(Refusing):
    """The files of a table, of those partitions that a predicate chooses."""

    _name = "DataSource"

    def __init__(self, session: SparkSession, table: Table, predicate: str, options: dict[str, Any]) -> None:
        self._session, self._table, self._predicate = session, table, predicate
        given = {name: value for name, value in options.items() if name not in _HOW}
        self._expression = str(given.pop("catalogPartitionPredicate", ""))
        self._recursive = _text(given.pop("recurse", False))
        if given:
            raise NotPartOfCloudstageError(f"additional options {sorted(given)}")

    def getDataFrame(self) -> Any:
        """The table as a data frame (Java's object)."""
        return self.getDynamicFrame().data._jdf

    def getDynamicFrame(self, *_partitions: int) -> Frame:
        """The table as a frame."""
        if not self._table.partition_keys:
            return Frame(self._read([self._table.location]))
        partitions = self._chosen(Catalog().partitions(self._table, self._expression))
        frames = [self._read([each.location]).withColumns(self._constants(each)) for each in partitions] or [
            self._empty(self._table.columns + self._table.partition_keys)
        ]
        return Frame(
            functools.reduce(lambda one, two: one.unionByName(two, allowMissingColumns=True), frames)
        )

    def _constants(self, partition: Partition) -> dict[str, Column]:
        pairs = zip(self._table.partition_keys, partition.values, strict=True)
        return {name: sf.lit(value).cast(kind) for (name, kind), value in pairs}

    def _chosen(self, partitions: Sequence[Partition]) -> list[Partition]:
        if not (self._predicate and partitions):
            return list(partitions)
        names = ["number", *(name for name, _ in self._table.partition_keys)]
        rows = [(index, *each.values) for index, each in enumerate(partitions)]
        kinds = ", ".join(["number int", *(f"`{name}` string" for name in names[1:])])
        values = self._session.createDataFrame(rows, kinds).withColumns(
            {name: sf.col(f"`{name}`").cast(kind) for name, kind in self._table.partition_keys}
        )
        return [
            partitions[row["number"]] for row in values.where(self._predicate).orderBy("number").collect()
        ]

    def _read(self, paths: list[str]) -> DataFrame:
        try:
            return self._typed(self._files(paths))
        except AnalysisException as error:
            if error.getErrorClass() in _NOTHING_THERE:
                return self._empty(self._table.columns)
            raise

    def _files(self, paths: list[str]) -> DataFrame:
        file_format = self._table.format
        reader = self._session.read.option("recursiveFileLookup", self._recursive)
        if file_format != "csv":
            return reader.format(file_format).load(paths)
        given = self._table.parameters
        options = {
            "header": str(int(given.get("skip.header.line.count", 0)) > 0).lower(),
            "sep": given.get("separatorChar") or given.get("field.delim") or given.get("delimiter") or ",",
            "quote": given.get("quoteChar", '"'),
            "escape": given.get("escapeChar") or given.get("escape.delim") or "\\",
        }
        kinds = ", ".join(f"`{name}` string" for name, _ in self._table.columns)
        return reader.schema(kinds).options(**options).csv(paths)

    def _typed(self, data: DataFrame) -> DataFrame:
        """The columns that the catalog names, with its types; what a file lacks is null."""
        present = {name.lower(): name for name in data.columns}
        return data.select(
            *(
                (sf.col(f"`{present[name.lower()]}`") if name.lower() in present else sf.lit(None))
                .cast(kind)
                .alias(name)
                for name, kind in self._table.columns
            )
        )

    def _empty(self, columns: list[tuple[str, str]]) -> DataFrame:
        return self._session.createDataFrame([], ", ".join(f"`{name}` {kind}" for name, kind in columns))


def _text(value: Any) -> str:
    return str(str(value).lower() == "true").lower()
