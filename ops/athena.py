"""Run SQL through the Athena API and read the rows."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ops.deployment import Deployment
from ops.errors import QueryFailedError

_ENDED = frozenset({"SUCCEEDED", "FAILED", "CANCELLED"})
_POLL_SECONDS = 0.1


@dataclass(frozen=True)
class Result:
    """The answer to a query.

    Attributes:
        columns: names.
        types: Athena's type of each column.
        rows: one list a row; each value the text that Athena gives, None for null.
    """

    columns: list[str]
    types: list[str]
    rows: list[list[str | None]]


def query(deployment: Deployment, sql: str) -> Result:
    """Run one statement in a deployment's database and workgroup. Raises what ``run`` and ``outputs`` do."""
    outputs = deployment.outputs()
    return run(deployment.client("athena"), sql, outputs["database"], outputs["workgroup"])


def run(athena: Any, sql: str, database: str, workgroup: str) -> Result:
    """Run one statement and wait for it; an interrupt stops it.

    Raises:
        QueryFailedError: with Athena's reason.
    """
    try:
        query_id = athena.start_query_execution(
            QueryString=sql, QueryExecutionContext={"Database": database}, WorkGroup=workgroup
        )["QueryExecutionId"]
    except athena.exceptions.InvalidRequestException as error:
        raise QueryFailedError(f"Athena rejects the query: {error.response['Error']['Message']}") from None
    try:
        while True:
            status = athena.get_query_execution(QueryExecutionId=query_id)["QueryExecution"]["Status"]
            if status["State"] in _ENDED:
                break
            time.sleep(_POLL_SECONDS)
    except KeyboardInterrupt:
        athena.stop_query_execution(QueryExecutionId=query_id)
        raise
    if status["State"] != "SUCCEEDED":
        raise QueryFailedError(
            f"the query {status['State'].lower()}: {status.get('StateChangeReason', 'no reason given')}"
        )
    return _read(athena, query_id)


def _read(athena: Any, query_id: str) -> Result:
    pages = list(athena.get_paginator("get_query_results").paginate(QueryExecutionId=query_id))
    described = pages[0]["ResultSet"]["ResultSetMetadata"]["ColumnInfo"]
    columns = [column["Name"] for column in described]
    rows = list(_rows(pages))
    # Athena repeats the columns' names as the first row of a SELECT's answer, not of a SHOW's.
    if rows and rows[0] == columns:
        rows = rows[1:]
    return Result(columns, [column["Type"] for column in described], rows)


def _rows(pages: list[dict[str, Any]]) -> Iterator[list[str | None]]:
    for page in pages:
        for row in page["ResultSet"]["Rows"]:
            yield [cell.get("VarCharValue") for cell in row.get("Data", [])]
