"""SELECT, WITH and VALUES: the result becomes a CSV file."""

from __future__ import annotations

import tempfile

import duckdb

from ops.local.athena.query import Plan, Query
from ops.local.athena.results.columns import result_column
from ops.local.athena.results.files import csv_line, csv_lines
from ops.local.athena.results.values import render
from ops.local.athena.tables.objects import split_uri

_ROWS_AT_A_TIME = 50_000
_HELD_IN_MEMORY = 16 * 1024 * 1024


def run(query: Query) -> None:
    """Run the query and leave its result where Athena does."""
    plan = query.plan(query.parse())
    execution = query.execution
    execution.columns = [
        result_column(name, kind)
        for name, kind in zip(plan.relation.columns, plan.relation.types, strict=True)
    ]
    execution.has_header = True
    execution.update_count = 0
    with tempfile.SpooledTemporaryFile(_HELD_IN_MEMORY) as file:
        file.write(csv_line([column.name for column in execution.columns]))
        try:
            for batch in plan.relation.to_arrow_reader(_ROWS_AT_A_TIME):
                file.write(csv_lines([render(column, "ms") for column in batch.columns]))
                execution.output_rows += batch.num_rows
        except duckdb.Error as error:
            raise query.explained(error, plan.tree) from error
        _account(query, plan)
        file.seek(0)
        bucket, key = split_uri(execution.output_location)
        query.services.s3.upload_fileobj(file, bucket, key)


def _account(query: Query, plan: Plan) -> None:
    query.execution.scanned_bytes = sum(scan.bytes_read for scan in plan.scans)
    query.execution.scanned_rows = sum(scan.rows_read for scan in plan.scans)
