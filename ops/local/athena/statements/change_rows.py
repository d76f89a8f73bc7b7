"""DELETE and UPDATE of an Iceberg table.

All rows that stay are written anew in one commit; Athena writes delete files instead. What a query reads
afterwards is the same, the files and the snapshot's summary are not.
"""

from __future__ import annotations

import pyarrow as pa
from pyiceberg.io.pyarrow import schema_to_pyarrow
from sqlglot import exp

from ops.local.athena.query import Query
from ops.local.athena.statements.insert import fitted, refuse_unless_iceberg
from ops.local.athena.tables import iceberg_writes

_CHANGED = "__changed"


def delete(query: Query) -> None:
    """DELETE FROM: keep what does not meet the condition."""
    tree = query.parse()
    _rewrite(query, tree, {}, keep_changed=False)


def update(query: Query) -> None:
    """UPDATE: other values where the condition is met."""
    tree = query.parse()
    changes = {each.this.name.lower(): each.expression for each in tree.expressions}
    _rewrite(query, tree, changes, keep_changed=True)


def _rewrite(query: Query, tree: exp.Expr, changes: dict[str, exp.Expr], *, keep_changed: bool) -> None:
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
        if name.lower() in changes:
            value = exp.Case(ifs=[exp.If(this=met.copy(), true=changes[name.lower()].copy())], default=value)
        columns.append(exp.alias_(value, name, quoted=True))
    plan = query.plan(exp.select(*columns, exp.alias_(met.copy(), _CHANGED)).from_(named.copy()))
    rows = plan.rows()
    changed = rows.column(rows.num_columns - 1)
    count = sum(1 for each in changed.to_pylist() if each)
    if count:
        kept = rows if keep_changed else rows.filter(pa.compute.invert(changed))
        names = [name.lower() for name in schema.names]
        iceberg_writes.overwrite(loaded, fitted(kept.select(range(len(names))), names, schema))
    query.count(count)
