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

from ops.local.athena.errors import InvalidRequest, QueryFailed, not_supported
from ops.local.athena.query import Plan, Query
from ops.local.athena.results.parquet import ParquetFiles, codec, stored_schema
from ops.local.athena.sql import properties
from ops.local.athena.tables.catalog import CATALOG
from ops.local.athena.tables.hive_types import hive_type
from ops.local.athena.workgroup import QuerySettings

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
    target = _target(query, tree)
    if query.services.catalog.table(target.database, target.name):
        if tree.args.get("exists"):
            query.count(0)
            return
        name = f"{CATALOG}.{target.database}.{target.name}"
        raise QueryFailed("TABLE_ALREADY_EXISTS", f"line 1:1: Destination table '{name}' already exists")
    _refuse_used(query, target)
    plan = query.plan(_selected(tree))
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
    given = properties.read(tree.args["properties"].expressions if tree.args.get("properties") else [])
    if settings.enforced and "external_location" in given:
        raise InvalidRequest(
            "The Create Table As Select query failed because it was submitted with an 'external_location' "
            "property to an Athena Workgroup that enforces a centralized output location for all queries. "
            "Please remove the 'external_location' property and resubmit the query."
        )


def checked_names(plan: Plan) -> list[str]:
    """The names of a result that is to be stored: each column needs one of its own, and a known type."""
    names = [name.lower() if name else None for name in plan.names]
    for position, (name, column) in enumerate(zip(names, plan.columns, strict=True), start=1):
        if name is None:
            raise QueryFailed(
                "MISSING_COLUMN_NAME", f"line 1:1: Column name not specified at position {position}"
            )
        if names.count(name) > 1:
            raise QueryFailed(
                "DUPLICATE_COLUMN_NAME", f"line 1:1: Column name '{name}' specified more than once"
            )
        if column.type == "unknown":
            raise QueryFailed(
                "COLUMN_TYPE_UNKNOWN", f"line 1:1: Column type is unknown: {name} at position {position}"
            )
    return [str(name) for name in names]


def named(schema: pa.Schema, names: list[str]) -> pa.Schema:
    """A schema with other names."""
    return pa.schema([field.with_name(name) for field, name in zip(schema, names, strict=True)])


def write_manifest(query: Query, uris: list[str]) -> None:
    """The list of the files that were written, which clients read."""
    location = query.execution.output_location + "-manifest.csv"
    query.store.put(location, "\n".join(uris).encode())
    query.execution.manifest_location = location


def _target(query: Query, tree: exp.Expr) -> _Target:
    settings = properties.read(tree.args["properties"].expressions if tree.args.get("properties") else [])
    if properties.text(settings, "table_type").upper() == "ICEBERG":
        raise not_supported(
            "CREATE TABLE AS of an Iceberg table: create the table first, then INSERT INTO it"
        )
    file_format = properties.text(settings, "format", "PARQUET").upper()
    if file_format != "PARQUET":
        raise not_supported(f"CREATE TABLE AS with format {file_format}; a local stage writes PARQUET")
    named: exp.Table = tree.this.find(exp.Table) or tree.this
    location = properties.text(settings, "external_location")
    return _Target(
        database=(named.db or query.database).lower(),
        name=named.name.lower(),
        location=(location or query.execution.output_location).rstrip("/") + "/",
        compression=properties.text(settings, "write_compression")
        or properties.text(settings, "parquet_compression")
        or None,
        partitioned_by=properties.names(settings, "partitioned_by"),
    )


def _selected(tree: exp.Expr) -> exp.Expr:
    selected: exp.Expr = tree.expression
    return selected.unnest()


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
