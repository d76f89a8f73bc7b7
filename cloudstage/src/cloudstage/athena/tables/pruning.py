"""Partitions that a query can't need are not read."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import pyarrow as pa
from sqlglot import exp

from cloudstage.athena.engine import Session
from cloudstage.athena.sql.translate import translations
from cloudstage.athena.tables.catalog import GlueTable
from cloudstage.athena.tables.engine_types import engine_type
from cloudstage.athena.tables.files import Partition
from cloudstage.athena.tables.hive_types import arrow_type
from cloudstage.athena.tables.scan import MemoryScan

_INDEX = "__partition"


def needed(
    session: Session, table: GlueTable, partitions: Sequence[Partition], wanted: Sequence[exp.Expr]
) -> list[Partition]:
    """The partitions for which the conditions hold, which use partition columns only.

    The engine decides, by the same conditions that it applies to rows.
    """
    if not wanted or not partitions:
        return list(partitions)
    keys = table.partition_columns
    columns = {_INDEX: pa.array(range(len(partitions)), pa.int64())}
    for position, key in enumerate(keys):
        columns[key.name] = pa.array([each.values[position] for each in partitions], pa.string())
    name = session.register(MemoryScan(pa.table(columns)))
    typed = [f'CAST("{key.name}" AS {engine_type(arrow_type(key.type))}) AS "{key.name}"' for key in keys]
    source = exp.select(_INDEX, *typed, dialect="duckdb").from_(name).subquery("partitions")
    query = exp.select(_INDEX).from_(source).where(*(condition.copy() for condition in wanted))
    try:
        rows = session.connection.execute(next(translations(query)).sql).fetchall()
    except duckdb.Error:
        # The same conditions are about to fail in the query itself, where the error can be explained.
        return list(partitions)
    return [partitions[index] for (index,) in sorted(rows)]
