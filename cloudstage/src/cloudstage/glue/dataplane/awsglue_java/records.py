"""Frames of what a Python function (Map, Filter) made of records.

Such records have no declared types. A field keeps the type it had if every record still fits it; the types of the
others are found by looking at every record.
"""

from __future__ import annotations

from typing import Any

from pyspark import RDD, StorageLevel
from pyspark.sql import SparkSession
from pyspark.sql.types import StructType, _make_type_verifier

from .frame import Frame

_AS_STRUCT = "spark.sql.pyspark.inferNestedDictAsStruct.enabled"


def from_python(frame: Frame, records: Any, session: SparkSession) -> Frame:
    """The frame of ``records`` (Java's RDD), which were made from those of ``frame``."""
    made: RDD[Any] = RDD(records, session.sparkContext)
    made = made.persist(
        StorageLevel.MEMORY_AND_DISK
    )  # looked at here, and used later: the function runs once
    errors = made.filter(lambda each: bool(each.get("isError")))
    rows = made.filter(lambda each: not each.get("isError")).map(lambda each: each["record"])
    schema = _schema(frame.data.schema, rows, session)
    return Frame(session.createDataFrame(rows, schema, verifySchema=False), errors)


def _schema(before: StructType, rows: RDD[Any], session: SparkSession) -> StructType:
    verifiers = {field.name: _make_type_verifier(field.dataType) for field in before}

    def changed(row: dict[str, Any]) -> set[str]:
        """The fields that are new or no longer fit their types, and those that are gone."""
        return {name for name, value in row.items() if not fits(name, value)} | (
            verifiers.keys() - row.keys()
        )

    def fits(name: str, value: Any) -> bool:
        try:
            verifiers[name](value)
        except (KeyError, TypeError, ValueError):
            return False
        return True

    different: set[str] = rows.map(changed).fold(set(), set.union)
    return _inferred(before, different, rows, session) if different else before


def _inferred(before: StructType, different: set[str], rows: RDD[Any], session: SparkSession) -> StructType:
    original = session.conf.get(_AS_STRUCT)
    session.conf.set(_AS_STRUCT, "true")
    try:
        found = {field.name: field for field in session.createDataFrame(rows, samplingRatio=1.0).schema}
    finally:
        session.conf.set(_AS_STRUCT, str(original))
    kept = [before[name] if name not in different else found[name] for name in before.names if name in found]
    added = [found[name] for name in rows.first() if name in found and name not in before.names]
    rest = [field for name, field in found.items() if field not in added and name not in before.names]
    return StructType([*kept, *added, *rest])
