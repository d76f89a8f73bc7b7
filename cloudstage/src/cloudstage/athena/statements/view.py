"""CREATE VIEW: the query, kept in the catalog as Athena keeps it."""

from __future__ import annotations

import base64
import json

from cloudstage.athena.errors import QueryFailed
from cloudstage.athena.query import Query
from cloudstage.athena.statements.stored_results import checked_names, named
from cloudstage.athena.tables.catalog import CATALOG
from cloudstage.athena.tables.hive_types import hive_type, stored_type


def create(query: Query) -> None:
    """Check the query and keep it."""
    tree = query.parse()
    database = (tree.this.db or query.database).lower()
    name = tree.this.name.lower()
    existing = query.services.catalog.table(database, name)
    if existing is not None and not (tree.args.get("replace") and existing.is_view):
        raise QueryFailed(
            "TABLE_ALREADY_EXISTS", f"line 1:1: View '{CATALOG}.{database}.{name}' already exists"
        )
    sql = tree.expression.sql(dialect="trino")
    plan = query.plan(tree.expression)
    schema = named(plan.relation.limit(0).to_arrow_table().schema, checked_names(plan))
    definition = {
        "originalSql": sql,
        "catalog": CATALOG,
        "schema": query.database,
        "columns": [{"name": field.name, "type": hive_type(stored_type(field.type))} for field in schema],
    }
    text = base64.b64encode(json.dumps(definition).encode()).decode()
    table = {
        "Name": name,
        "TableType": "VIRTUAL_VIEW",
        "Parameters": {"comment": "Presto View", "presto_view": "true"},
        "ViewOriginalText": f"/* Presto View: {text} */",
        "ViewExpandedText": "/* Presto View */",
        "StorageDescriptor": {
            "Columns": [{"Name": each["name"], "Type": each["type"]} for each in definition["columns"]],
            "Location": "",
            "SerdeInfo": {},
        },
    }
    client = query.services.catalog.client
    save = client.update_table if existing is not None else client.create_table
    save(DatabaseName=database, TableInput=table)
    query.done()
