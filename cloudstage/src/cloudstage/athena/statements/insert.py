"""INSERT INTO an Iceberg table."""

from __future__ import annotations

import pyarrow as pa
from pyiceberg.io.pyarrow import schema_to_pyarrow
from sqlglot import exp

from cloudstage.athena.errors import QueryFailed, not_supported
from cloudstage.athena.query import Query
from cloudstage.athena.tables import iceberg_writes
from cloudstage.athena.tables.catalog import GlueTable


def run(query: Query) -> None:
    """Run the query and append its rows in one commit."""
    tree = query.parse()
    named = tree.this.this if isinstance(tree.this, exp.Schema) else tree.this
    table = query.table(f'"{named.name}"', named.db or None)
    refuse_unless_iceberg(table, "INSERT INTO")
    name = (table.database, table.name)
    schema = schema_to_pyarrow(query.services.iceberg.load_table(name).schema(), include_field_ids=False)
    given = tree.this.expressions if isinstance(tree.this, exp.Schema) else []
    columns = [each.name.lower() for each in given] or [each.lower() for each in schema.names]
    plan = query.plan(tree.expression)
    rows = plan.rows()
    if len(columns) != rows.num_columns:
        raise QueryFailed(
            "TYPE_MISMATCH",
            f"line 1:1: Insert query has {rows.num_columns} expression(s) but expected {len(columns)} "
            "target column(s). Mismatch at column " + str(min(len(columns), rows.num_columns) + 1),
        )
    if rows.num_rows:
        iceberg_writes.append(query.services.iceberg, name, fitted(rows, columns, schema))
    query.count(rows.num_rows)


def refuse_unless_iceberg(table: GlueTable, what: str) -> None:
    """QueryFailed for a table that a cloudstage can't change."""
    if not table.is_iceberg:
        raise not_supported(f"A cloudstage runs {what} on Iceberg tables only, which {table.name} is not")


def fitted(rows: pa.Table, columns: list[str], schema: pa.Schema) -> pa.Table:
    """Rows as the table keeps them: its columns in its order, null where there is no value."""
    arrays = []
    for field in schema:
        if field.name.lower() not in columns:
            values: pa.ChunkedArray = pa.chunked_array([pa.nulls(rows.num_rows, field.type)])
        else:
            values = _cast(rows.column(columns.index(field.name.lower())), field)
        if not field.nullable and values.null_count:
            raise QueryFailed(
                "CONSTRAINT_VIOLATION", f"NULL value not allowed for NOT NULL column: {field.name}"
            )
        arrays.append(values)
    return pa.Table.from_arrays(arrays, schema=schema)


def _cast(values: pa.ChunkedArray, field: pa.Field) -> pa.ChunkedArray:
    if _kind(values.type) not in {_kind(field.type), "unknown"}:
        raise QueryFailed(
            "TYPE_MISMATCH",
            f"line 1:1: Insert query has mismatched column types: Table: [{field.type}], Query: [{values.type}]",
        )
    if pa.types.is_struct(field.type) and values.num_chunks:
        # ROW(1, 'x') has no names: its fields are those of the table by their order.
        values = pa.chunked_array([_named(chunk, field.type) for chunk in values.chunks])
    try:
        return values.cast(field.type)
    except pa.ArrowInvalid as error:
        raise QueryFailed("INVALID_CAST_ARGUMENT", f"Column {field.name}: {error}") from error


def _named(values: pa.StructArray, kind: pa.StructType) -> pa.StructArray:
    names = [field.name for field in kind]
    return pa.StructArray.from_arrays(values.flatten(), names=names, mask=values.is_null())


def _kind(kind: pa.DataType) -> str:
    """Types of one kind are converted, others are not."""
    if pa.types.is_null(kind):
        return "unknown"
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return "text"
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return "number"
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return "time"
    return str(kind) if not pa.types.is_nested(kind) else "nested"
