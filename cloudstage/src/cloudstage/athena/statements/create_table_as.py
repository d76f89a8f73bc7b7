"""CREATE TABLE … AS SELECT: Parquet files and a table in the Glue catalog.

One thing is more lenient than Athena, which refuses to store an Iceberg ``timestamp(6)`` in a Hive table
("Incorrect timestamp precision for timestamp(6)"): here it is stored in milliseconds. Otherwise
awswrangler's default way of reading (a temporary table) could read none of this platform's tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from sqlglot import exp

from cloudstage.athena.errors import InvalidRequest, QueryFailed, not_supported
from cloudstage.athena.query import Plan, Query
from cloudstage.athena.results.parquet import ParquetFiles, codec, stored_schema
from cloudstage.athena.sql import properties
from cloudstage.athena.statements import create_iceberg_as
from cloudstage.athena.statements.stored_results import checked_names, named, write_manifest
from cloudstage.athena.tables.catalog import CATALOG
from cloudstage.athena.tables.hive_types import hive_type
from cloudstage.athena.workgroup import QuerySettings

_SERDE = "org.apache.hadoop.hive.ql.io.parquet"


@dataclass(frozen=True)
class _Target:
    database: str
    name: str
    location: str
    compression: str | None
    partitioned_by: list[str]


def run(query: Query) -> None:
    """Run the query and make its result a table."""
    tree = query.parse()
    settings = _settings(tree)
    named_table: exp.Table = tree.this.find(exp.Table) or tree.this
    database, name = (named_table.db or query.database).lower(), named_table.name.lower()
    if query.services.catalog.table(database, name):
        if not tree.args.get("exists"):
            full_name = f"{CATALOG}.{database}.{name}"
            raise QueryFailed(
                "TABLE_ALREADY_EXISTS", f"line 1:1: Destination table '{full_name}' already exists"
            )
        query.count(0)
    elif properties.text(settings, "table_type").upper() == "ICEBERG":
        plan = query.plan(tree.expression.unnest())
        rows = plan.rows().rename_columns(checked_names(plan))
        create_iceberg_as.create(query, (database, name), rows, settings)
        query.count(rows.num_rows)
    else:
        target = _target(query, settings, database, name)
        _refuse_used(query, target)
        _write(query, query.plan(tree.expression.unnest()), target)


def _write(query: Query, plan: Plan, target: _Target) -> None:
    names = checked_names(plan)
    reader = plan.start()
    schema = named(reader.schema, names)
    missing = [name for name in target.partitioned_by if name not in names]
    if missing:
        raise QueryFailed("INVALID_TABLE_PROPERTY", f"Partition columns not present in schema: {missing}")
    files = ParquetFiles(query.store, target.location, codec(target.compression), target.partitioned_by)
    rows = files.write(batch.rename_columns(names) for batch in plan.batches(reader))
    written = files.close()
    _register(query, target, schema, written)
    write_manifest(query, list(written.values()))
    query.count(rows)


def check(tree: exp.Expr, settings: QuerySettings) -> None:
    """Refuse what Athena refuses before the query runs."""
    if settings.enforced and "external_location" in _settings(tree):
        raise InvalidRequest(
            "The Create Table As Select query failed because it was submitted with an 'external_location' "
            "property to an Athena Workgroup that enforces a centralized output location for all queries. "
            "Please remove the 'external_location' property and resubmit the query."
        )


def _settings(tree: exp.Expr) -> dict[str, properties.Value]:
    return properties.read(tree.args["properties"].expressions if tree.args.get("properties") else [])


def _target(query: Query, settings: dict[str, properties.Value], database: str, name: str) -> _Target:
    file_format = properties.text(settings, "format", "PARQUET").upper()
    if file_format != "PARQUET":
        raise not_supported(f"CREATE TABLE AS with format {file_format}; a cloudstage writes PARQUET")
    location = properties.text(settings, "external_location") or query.execution.output_location
    compression = properties.text(settings, "write_compression") or properties.text(
        settings, "parquet_compression"
    )
    return _Target(
        database=database,
        name=name,
        location=location.rstrip("/") + "/",
        compression=compression or None,
        partitioned_by=properties.names(settings, "partitioned_by"),
    )


def _refuse_used(query: Query, target: _Target) -> None:
    if next(query.services.objects.under(target.location), None) is not None:
        raise QueryFailed(
            "HIVE_PATH_ALREADY_EXISTS",
            f"Target directory for table '{target.database}.{target.name}' already exists: "
            f"{target.location}. You may need to manually clean the data at location '{target.location}' "
            "before retrying. Athena will not delete data in your account.",
        )


def _register(query: Query, target: _Target, schema: pa.Schema, written: dict[tuple[str, ...], str]) -> None:
    stored = stored_schema(schema)
    columns = {field.name: {"Name": field.name, "Type": hive_type(field.type)} for field in stored}
    keys = [columns.pop(name) for name in target.partitioned_by]
    glue = query.services.context.client("glue")
    definition = {
        "Name": target.name,
        "TableType": "EXTERNAL_TABLE",
        "Parameters": {"EXTERNAL": "TRUE", "has_encrypted_data": "false"},
        "PartitionKeys": keys,
        "StorageDescriptor": _storage(target.location.rstrip("/"), list(columns.values())),
    }
    glue.create_table(DatabaseName=target.database, TableInput=definition)
    for values, uri in written.items() if keys else ():
        storage = _storage(uri.rpartition("/")[0], list(columns.values()))
        partition = {"Values": list(values), "StorageDescriptor": storage}
        glue.create_partition(DatabaseName=target.database, TableName=target.name, PartitionInput=partition)


def _storage(location: str, columns: list[dict[str, str]]) -> dict[str, Any]:
    return {
        "Columns": columns,
        "Location": location,
        "InputFormat": f"{_SERDE}.MapredParquetInputFormat",
        "OutputFormat": f"{_SERDE}.MapredParquetOutputFormat",
        "SerdeInfo": {
            "SerializationLibrary": f"{_SERDE}.serde.ParquetHiveSerDe",
            "Parameters": {"serialization.format": "1"},
        },
    }
