"""UNLOAD (SELECT …) TO 's3://…': the result as Parquet files, without a table."""

from __future__ import annotations

import re

from cloudstage.athena.errors import InvalidRequest, QueryFailed, not_supported
from cloudstage.athena.query import Query
from cloudstage.athena.results.parquet import ParquetFiles, codec
from cloudstage.athena.sql import parsing, properties
from cloudstage.athena.statements.stored_results import checked_names, write_manifest

_STATEMENT = re.compile(
    r"unload\s*\((?P<select>.*)\)\s*to\s*'(?P<location>s3://[^']+)'(?:\s*with\s*\((?P<with>.*)\))?\s*",
    re.IGNORECASE | re.DOTALL,
)


def run(query: Query) -> None:
    """Run the query and write its result to a place that must be empty."""
    match = _STATEMENT.fullmatch(query.statement.body)
    if match is None:
        raise InvalidRequest(
            "line 1:1: mismatched input in UNLOAD. Expecting: UNLOAD (query) TO 's3://…' WITH (…)"
        )
    settings = _settings(match["with"] or "")
    file_format = properties.text(settings, "format").upper()
    if file_format != "PARQUET":
        raise not_supported(f"UNLOAD with format {file_format or '(none)'}; a cloudstage writes PARQUET")
    location = match["location"].rstrip("/") + "/"
    if next(query.services.objects.under(location), None) is not None:
        raise QueryFailed(
            "HIVE_PATH_ALREADY_EXISTS", f"Target directory for UNLOAD already exists: {location}"
        )
    plan = query.plan(parsing.parse(match["select"]))
    names = checked_names(plan)
    reader = plan.start()
    files = ParquetFiles(
        query.store,
        location,
        codec(properties.text(settings, "compression") or None),
        properties.names(settings, "partitioned_by"),
    )
    rows = files.write(batch.rename_columns(names) for batch in plan.batches(reader))
    write_manifest(query, list(files.close().values()))
    query.count(rows)


def _settings(text: str) -> dict[str, properties.Value]:
    """The properties, read as those of a CREATE TABLE AS are."""
    tree = parsing.parse(f"CREATE TABLE t WITH ({text}) AS SELECT 1") if text.strip() else None
    return properties.read(tree.args["properties"].expressions) if tree else {}
