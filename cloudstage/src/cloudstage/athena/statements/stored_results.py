"""What statements share that keep a result: the names it needs, and the list of its files."""

from __future__ import annotations

import pyarrow as pa

from cloudstage.athena.errors import QueryFailed
from cloudstage.athena.query import Plan, Query


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
