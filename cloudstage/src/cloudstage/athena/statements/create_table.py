"""CREATE EXTERNAL TABLE and CREATE TABLE … TBLPROPERTIES ('table_type' = 'ICEBERG')."""

from __future__ import annotations

import logging
from typing import Any

import pyarrow as pa
import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError

from cloudstage.athena.errors import InvalidRequest, QueryFailed, not_supported
from cloudstage.athena.query import Query
from cloudstage.athena.statements.storage_formats import storage
from cloudstage.athena.tables import iceberg_writes
from cloudstage.athena.tables.catalog import GlueColumn
from cloudstage.athena.tables.hive_types import arrow_type, hive_type

log = logging.getLogger("sqlglot")


def run(query: Query) -> None:
    """Put a table into the catalog."""
    tree = parse(query.statement.text)
    named = tree.this.this if isinstance(tree.this, exp.Schema) else tree.this
    database, name = (named.db or query.database).lower(), named.name.lower()
    if query.services.catalog.database(database) is None:
        raise QueryFailed("", f"FAILED: SemanticException [Error 10072]: Database does not exist: {database}")
    if query.services.catalog.table(database, name) is not None:
        if not tree.args.get("exists"):
            raise QueryFailed(
                "", f"FAILED: Execution Error. AlreadyExistsException: Table {name} already exists"
            )
    elif table_properties(tree).get("table_type", "").upper() == "ICEBERG":
        _create_iceberg(query, tree, database, name)
    else:
        query.services.catalog.client.create_table(DatabaseName=database, TableInput=_external(tree, name))
    query.done()


def parse(sql: str) -> exp.Expr:
    """The tree of a CREATE TABLE of Hive's kind; InvalidRequest if it is not one."""
    try:
        tree = sqlglot.parse_one(sql, read="athena")
    except ParseError as error:
        raise InvalidRequest(f"line 1:1: {error.errors[0]['description']}", "MALFORMED_QUERY") from error
    if not isinstance(tree, exp.Create):
        raise InvalidRequest("Queries of this type are not supported", "MALFORMED_QUERY")
    iceberg = table_properties(tree).get("table_type", "").upper() == "ICEBERG"
    if not iceberg and not _property(tree, exp.ExternalProperty):
        raise InvalidRequest("External keyword required for table type HIVE", "MALFORMED_QUERY")
    return tree


def table_properties(tree: exp.Expr) -> dict[str, str]:
    """The TBLPROPERTIES."""
    return {each.name: each.args["value"].name for each in _all(tree) if type(each) is exp.Property}


def _all(tree: exp.Expr) -> list[exp.Expr]:
    return tree.args["properties"].expressions if tree.args.get("properties") else []


def _property(tree: exp.Expr, kind: type[exp.Expr]) -> exp.Expr | None:
    return next((each for each in _all(tree) if isinstance(each, kind)), None)


def _location(tree: exp.Expr) -> str:
    location = _property(tree, exp.LocationProperty)
    if location is None:
        raise QueryFailed("", "FAILED: SemanticException Location is required to create a table")
    return str(location.this.name).rstrip("/")


def _columns(definitions: list[exp.Expr]) -> list[GlueColumn]:
    return [_column(each) for each in definitions if isinstance(each, exp.ColumnDef)]


def _column(definition: exp.ColumnDef) -> GlueColumn:
    comment = definition.find(exp.CommentColumnConstraint)
    kind = definition.args["kind"].sql(dialect="hive").lower().replace(": ", ":").replace(", ", ",")
    return GlueColumn(
        definition.name.lower(), hive_type(arrow_type(kind)), comment.this.name if comment else ""
    )


def _external(tree: exp.Expr, name: str) -> dict[str, Any]:
    partitioned = _property(tree, exp.PartitionedByProperty)
    comment = _property(tree, exp.SchemaCommentProperty)
    return {
        "Name": name,
        "TableType": "EXTERNAL_TABLE",
        "Description": comment.this.name if comment else "",
        "Parameters": {"EXTERNAL": "TRUE", **table_properties(tree)},
        "PartitionKeys": _glue(_columns(partitioned.this.expressions)) if partitioned else [],
        "StorageDescriptor": {
            "Columns": _glue(_columns(tree.this.expressions)),
            "Location": _location(tree),
            **storage(_all(tree)),
        },
    }


def _glue(columns: list[GlueColumn]) -> list[dict[str, str]]:
    return [{"Name": each.name, "Type": each.type, "Comment": each.comment} for each in columns]


def _create_iceberg(query: Query, tree: exp.Expr, database: str, name: str) -> None:
    partitioned = _property(tree, exp.PartitionedByProperty)
    columns = _columns(tree.this.expressions)
    table = iceberg_writes.NewTable(
        name=(database, name),
        schema=pa.schema([pa.field(each.name, _stored(arrow_type(each.type))) for each in columns]),
        partitioned_by=[_transform(each) for each in (partitioned.this.expressions if partitioned else [])],
        location=_location(tree),
    )
    iceberg_writes.create(query.services.iceberg, table)


def _stored(kind: pa.DataType) -> pa.DataType:
    """Iceberg keeps microseconds."""
    return pa.timestamp("us") if pa.types.is_timestamp(kind) else kind


def _transform(node: exp.Expr) -> tuple[str, str]:
    """A partition field: the column and the transform, such as ``bucket[16]``."""
    column = node.find(exp.Column, exp.Identifier) or node
    name = column.name.lower()
    if isinstance(node, exp.Identifier | exp.Column):
        return name, "identity"
    if isinstance(node, exp.PartitionedByBucket):
        return name, f"bucket[{node.expression.name}]"
    if isinstance(node, exp.PartitionByTruncate):
        return name, f"truncate[{node.expression.name}]"
    simple: dict[type[exp.Expr], str] = {
        exp.Year: "year",
        exp.Month: "month",
        exp.Day: "day",
        exp.Hour: "hour",
    }
    if type(node) in simple:
        return name, simple[type(node)]
    raise not_supported(f"A cloudstage does not know the partition transform {node.sql(dialect='athena')}")
