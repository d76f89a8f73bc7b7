"""SELECT, WITH and VALUES: the result becomes a CSV file."""

from __future__ import annotations

import tempfile

from cloudstage.athena.query import Query
from cloudstage.athena.results.files import csv_line, csv_lines
from cloudstage.athena.results.values import render

_HELD_IN_MEMORY = 16 * 1024 * 1024


def run(query: Query) -> None:
    """Run the query and leave its result where Athena does."""
    plan = query.plan(query.parse())
    execution = query.execution
    execution.columns = plan.columns
    execution.has_file = execution.has_header = True
    execution.update_count = 0
    zone_unit = plan.zone_unit
    with tempfile.SpooledTemporaryFile(_HELD_IN_MEMORY) as file:
        file.write(csv_line([column.name for column in execution.columns]))
        for batch in plan.batches(plan.start()):
            pairs = zip(batch.columns, execution.columns, strict=True)
            file.write(csv_lines([render(values, zone_unit, column.zone) for values, column in pairs]))
            execution.output_rows += batch.num_rows
        file.seek(0)
        query.store.upload(execution.output_location, file)
    query.describe_result()
