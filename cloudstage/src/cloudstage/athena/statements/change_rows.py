"""DELETE and UPDATE of an Iceberg table.

All rows that stay are written anew in one commit; Athena writes delete files instead. What a query reads
afterwards is the same, the files and the snapshot's summary are not.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute
from pyiceberg.io.pyarrow import schema_to_pyarrow
from pyiceberg.table import Table
from sqlglot import exp

from cloudstage.athena.query import Query
from cloudstage.athena.statements.insert import fitted, refuse_unless_iceberg
from cloudstage.athena.tables import iceberg_writes

_MET = "__met"


@dataclass(frozen=True)
class _Changes:
    """A table as it was loaded, its rows with their new values, and which of them meet the condition."""

    table: Table
    schema: pa.Schema
    rows: pa.Table
    met: pa.ChunkedArray

    @property
    def count(self) -> int:
        """How many rows meet the condition."""
        return int(pa.compute.sum(self.met).as_py() or 0)


def delete(query: Query) -> None:
    """DELETE FROM: keep what does not meet the condition."""
    changes = _read(query, query.parse(), {})
    _commit(query, changes, changes.rows.filter(pa.compute.invert(changes.met)))


def update(query: Query) -> None:
    """UPDATE: other values where the condition is met."""
    tree = query.parse()
    changes = _read(query, tree, {each.this.name.lower(): each.expression for each in tree.expressions})
    _commit(query, changes, changes.rows)


def _read(query: Query, tree: exp.Expr, values: dict[str, exp.Expr]) -> _Changes:
    named = tree.this
    table = query.table(f'"{named.name}"', named.db or None)
    refuse_unless_iceberg(table, query.statement.subtype)
    loaded = query.services.iceberg.load_table((table.database, table.name))
    schema = schema_to_pyarrow(loaded.schema(), include_field_ids=False)
    where = tree.args.get("where")
    met: exp.Expr = exp.func("COALESCE", where.this.copy(), exp.false()) if where else exp.true()
    columns: list[exp.Expr] = []
    for name in schema.names:
        value: exp.Expr = exp.column(exp.to_identifier(name, quoted=True))
        if name.lower() in values:
            value = exp.Case(ifs=[exp.If(this=met.copy(), true=values[name.lower()].copy())], default=value)
        columns.append(exp.alias_(value, name, quoted=True))
    rows = query.plan(exp.select(*columns, exp.alias_(met.copy(), _MET)).from_(named.copy())).rows()
    last = rows.num_columns - 1
    return _Changes(loaded, schema, rows.select(range(last)), rows.column(last))


def _commit(query: Query, changes: _Changes, rows: pa.Table) -> None:
    if changes.count:
        names = [name.lower() for name in changes.schema.names]
        iceberg_writes.overwrite(changes.table, fitted(rows, names, changes.schema))
    query.count(changes.count)
