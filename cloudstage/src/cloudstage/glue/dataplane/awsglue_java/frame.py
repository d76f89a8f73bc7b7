"""A DynamicFrame over one of Spark's data frames.

On AWS each record has its own types, and a field may have several (a choice). Here a column has one type, as in
Spark: reading has decided, and what resolves choices finds none.
"""
# ruff: noqa: N802 (the methods of a class of Java)

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Iterable
from typing import Any

from pyspark import RDD
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as sf

from .fields import Path, Struct, as_column, path_of
from .refusal import NotPartOfCloudstageError, Refusing
from .schema import Schema, spark_type

_COMPARISONS: dict[str, Callable[[Column, Any], Column]] = {
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    ">=": operator.ge,
}


def listed(sequence: Any) -> list[Any]:
    """What a Scala sequence holds; its tuples as Python's."""
    return [_value(sequence.apply(index)) for index in range(sequence.length())]


def _value(value: Any) -> Any:
    if hasattr(value, "productArity"):
        return tuple(value.productElement(index) for index in range(value.productArity()))
    return value


class Frame(Refusing):
    """The methods of Scala's DynamicFrame; ``*_`` is the context of a transformation and its error limits."""

    _name = "DynamicFrame"

    def __init__(self, data: DataFrame, errors: RDD[Any] | None = None) -> None:
        self.data = data
        self.errors = errors

    def toDF(self, _: Any = None) -> Any:
        """The data frame (Java's object)."""
        return self.data._jdf

    def schema(self) -> Schema:
        """The types of the fields."""
        return Schema(self.data.schema)

    def count(self) -> int:
        """The number of records."""
        return self.data.count()

    def showString(self, rows: int) -> str:
        """The first records as JSON, one a line."""
        return "\n".join(self.data.limit(rows).toJSON().collect())

    def javaToPython(self) -> Any:
        """The records as Python's dictionaries (Java's RDD of them)."""
        records = self.data.rdd.map(lambda row: {"record": row.asDict(recursive=True)})
        return records._jrdd

    def pyWithFrameSchema(self, _: str) -> Frame:
        """The frame itself: its schema is known."""
        return self

    def applyMapping(self, mappings: Any, *_: Any) -> Frame:
        """The fields that mappings name: (source, type, target, type). A source that is not there is left out."""
        fields, made = Struct.of(self.data), Struct()
        for mapping in listed(mappings):
            if len(mapping) != 4:
                raise NotPartOfCloudstageError(
                    f"mapping {mapping}", "give all four: (source field, its type, target field, its type)"
                )
            source, _type, target, target_type = mapping
            value = fields.take(path_of(source))
            if value is not None:
                kind = spark_type(target_type)
                made.put(path_of(target), as_column(value).cast(kind) if kind else value)
        return self._of(made)

    def selectFields(self, paths: Any, *_: Any) -> Frame:
        """The fields that are named, as far as they are there."""
        return self._of(self._selected(map(path_of, listed(paths))))

    def dropFields(self, paths: Any, *_: Any) -> Frame:
        """All other fields."""
        return self._of(self._without(map(path_of, listed(paths))))

    def splitFields(self, paths: Any, *_: Any) -> list[Frame]:
        """The fields that are named, and all others."""
        named = [path_of(path) for path in listed(paths)]
        return [self._of(self._selected(named)), self._of(self._without(named))]

    def renameField(self, old: str, new: str, *_: Any) -> Frame:
        """The frame with another name for a field."""
        fields = Struct.of(self.data)
        fields.rename(path_of(old), path_of(new))
        return self._of(fields)

    def splitRows(self, paths: Any, values: Any, comparisons: Any, *_: Any) -> list[Frame]:
        """The records that fulfil all comparisons, and the rest."""
        conditions = []
        for path, value, comparison in zip(listed(paths), listed(values), listed(comparisons), strict=True):
            if comparison not in _COMPARISONS:
                raise NotPartOfCloudstageError(
                    f"comparison {comparison!r}", f"use one of {list(_COMPARISONS)}"
                )
            conditions.append(_COMPARISONS[comparison](self._column(path), value))
        all_true = sf.coalesce(functools.reduce(operator.and_, conditions), sf.lit(False))
        return [Frame(self.data.where(all_true)), Frame(self.data.where(~all_true))]

    def join(self, paths: Any, other_paths: Any, other: Frame, *_: Any) -> Frame:
        """Both frames' records with equal fields. A field that both have is ``.name`` for the other's."""
        mine = {each.lower() for each in self.data.columns}
        renamed = [f".{name}" if name.lower() in mine else name for name in other.data.columns]
        theirs = other.data.toDF(*renamed)
        left, right = self.data.alias("l"), theirs.alias("r")
        pairs = [
            (path_of(path), path_of(other_path))
            for path, other_path in zip(listed(paths), listed(other_paths), strict=True)
        ]
        names = dict(zip((name.lower() for name in other.data.columns), renamed, strict=True))
        conditions = [
            _qualified("l", one) == _qualified("r", (names.get(two[0].lower(), two[0]), *two[1:]))
            for one, two in pairs
        ]
        return Frame(left.join(right, functools.reduce(operator.and_, conditions)))

    def union(self, other: Frame, *_: Any) -> Frame:
        """The records of both; where one has no such field, null."""
        return Frame(self.data.unionByName(other.data, allowMissingColumns=True))

    def mergeDynamicFrames(self, staged: Frame, keys: Any, *_: Any) -> Frame:
        """The staged records, and those of this frame whose keys are not among them."""
        kept = self.data.join(staged.data, on=listed(keys), how="left_anti")
        return Frame(kept.unionByName(staged.data, allowMissingColumns=True))

    def resolveChoice(self, specifications: Any, *_: Any) -> Frame:
        """Casts the fields that are named; a choice for all others finds no field with several types."""
        fields = Struct.of(self.data)
        for path, action in listed(specifications):
            what, _colon, kind = action.partition(":")
            if what not in ("cast", "project"):
                raise NotPartOfCloudstageError(
                    f"resolveChoice action {action!r} of {path!r}", "use cast:<type>"
                )
            value = fields.take(path_of(path))
            if value is not None:
                fields.put(path_of(path), as_column(value).cast(spark_type(kind) or kind))
        return self._of(fields)

    def unnest(self, *_: Any) -> Frame:
        """Fields of structs as fields of the record, called by their paths."""
        leaves = Struct.of(self.data).leaves()
        return Frame(self.data.select(*(column.alias(".".join(path)) for path, column in leaves)))

    def unbox(self, path: str, file_format: str, options: str, *_: Any) -> Frame:
        """Text in a field, read as JSON."""
        if file_format.lower() != "json" or options != "{}":
            raise NotPartOfCloudstageError(f"unbox of {file_format} with options {options}")
        fields, text = Struct.of(self.data), self._column(path)
        session = self.data.sparkSession
        kind = session.read.json(
            self.data.select(text.cast("string")).rdd.map(lambda row: row[0] or "{}")
        ).schema
        fields.put(path_of(path), sf.from_json(text, kind))
        return self._of(fields)

    def getNumPartitions(self) -> int:
        """The number of Spark's partitions."""
        return self.data.rdd.getNumPartitions()

    def repartition(self, number: int, *_: Any) -> Frame:
        """The frame in other partitions."""
        return Frame(self.data.repartition(number))

    def coalesce(self, number: int, shuffle: bool, *_: Any) -> Frame:
        """The frame in fewer partitions."""
        return Frame(self.data.repartition(number) if shuffle else self.data.coalesce(number))

    def errorsCount(self) -> int:
        """How many records a Python function failed on; they are not in the frame."""
        return self.errors.count() if self.errors else 0

    def stageErrorsCount(self) -> int:
        """As ``errorsCount``: the errors of earlier transformations are with their frames."""
        return self.errorsCount()

    def errorsAsDynamicFrame(self) -> Frame:
        """A record for each error."""
        session = self.data.sparkSession
        messages: Any = self.errors.map(lambda error: (error.get("errorMessage"),)) if self.errors else []
        return Frame(
            session.createDataFrame(messages, "message string").select(sf.struct("message").alias("error"))
        )

    def assertErrorThreshold(self) -> None:
        """Fail if there are errors."""
        if count := self.errorsCount():
            raise RuntimeError(f"{count} records failed in the transformations of this frame")

    def _column(self, path: str) -> Column:
        found = Struct.of(self.data).take(path_of(path))
        if found is None:
            raise ValueError(f"There is no field {path!r}; the fields are {self.data.columns}")
        return as_column(found)

    def _selected(self, paths: Iterable[Path]) -> Struct:
        fields, made = Struct.of(self.data), Struct()
        for path in paths:
            found = fields.take(path)
            if found is not None:
                made.put(path, found)
        return made

    def _without(self, paths: Iterable[Path]) -> Struct:
        fields = Struct.of(self.data)
        for path in paths:
            fields.drop(path)
        return fields

    def _of(self, fields: Struct) -> Frame:
        return Frame(self.data.select(*fields.columns()), self.errors)


def _qualified(side: str, path: Path) -> Column:
    return sf.col(".".join([side, *(f"`{part}`" for part in path)]))
