"""Where frames come from and go to: the methods of Scala's GlueContext."""
# ruff: noqa: N802 (the methods of a class of Java)

from __future__ import annotations

from typing import Any

from pyspark.sql import SparkSession

from .catalog import Catalog
from .reading import CatalogSource, Source
from .refusal import NotPartOfCloudstageError, Refusing
from .writing import CatalogSink, Sink

OBJECTS = ("s3", "file")
COLUMNAR = ("parquet", "orc")


class Context(Refusing):
    """The sources and sinks of a session."""

    _name = "GlueContext"

    def __init__(self, session: SparkSession) -> None:
        self.session = session

    def getSource(
        self, kind: str, options: dict[str, Any], _context: str = "", _predicate: str = ""
    ) -> Source:
        """Files; ``kind`` is where they are or, for Parquet and ORC, what they are."""
        source = Source(self.session, options)
        if kind.lower() in COLUMNAR:
            source.setFormat(kind, {})
        elif kind.lower() not in OBJECTS:
            raise NotPartOfCloudstageError(f"connection type {kind!r}")
        return source

    def getCatalogSource(
        self,
        database: str,
        table: str,
        _redshift: str,
        _context: str,
        predicate: str,
        options: dict[str, Any],
        _catalog: Any,
    ) -> CatalogSource:
        """The files of a table."""
        return CatalogSource(self.session, Catalog().table(database, table), predicate, options)

    def getSink(self, kind: str, options: dict[str, Any], _context: str = "") -> Sink:
        """Files to be written."""
        sink = Sink(options)
        if kind.lower() in COLUMNAR:
            sink.setFormat(kind, {})
        elif kind.lower() not in OBJECTS:
            raise NotPartOfCloudstageError(f"connection type {kind!r}")
        return sink

    def getCatalogSink(
        self, database: str, table: str, _redshift: str, _context: str, options: dict[str, Any], _catalog: Any
    ) -> CatalogSink:
        """The files of a table, to which more are added."""
        return CatalogSink(Catalog().table(database, table), options)
