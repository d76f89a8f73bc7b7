"""Queries that fail on Athena fail here too, for the same reason, at the same place."""

from __future__ import annotations

import pyarrow as pa
import pytest
from botocore.exceptions import ClientError
from pyiceberg.catalog.glue import GlueCatalog

from ..queries import Queries

UNRESOLVED = "cannot be resolved or requester is not authorized to access requested resources"


@pytest.fixture(scope="module", autouse=True)
def _table(iceberg: GlueCatalog, database: str) -> None:
    rows = pa.table({"n": pa.array([1, 2], pa.int32()), "g": ["a", "b"], "d": pa.array([0, 1], pa.date32())})
    iceberg.create_table((database, "t"), rows.schema).append(rows)


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        (
            "SELECT * FROM nope",
            "TABLE_NOT_FOUND: line 1:15: Table 'awsdatacatalog.{database}.nope' does not exist",
        ),
        ("SELECT * FROM no.pe", "SCHEMA_NOT_FOUND: line 1:15: Schema 'no' does not exist"),
        ("SELECT * FROM other.no.pe", "CATALOG_NOT_FOUND: line 1:15: Catalog 'other' not found"),
        ("SELECT x FROM t", f"COLUMN_NOT_FOUND: line 1:8: Column 'x' {UNRESOLVED}"),
        ("SELECT n\nFROM t\nWHERE x = 1", f"COLUMN_NOT_FOUND: line 3:7: Column 'x' {UNRESOLVED}"),
        ("SELECT a.x FROM t a", f"COLUMN_NOT_FOUND: line 1:8: Column 'a.x' {UNRESOLVED}"),
        ("SELECT b.n FROM t a", f"COLUMN_NOT_FOUND: line 1:8: Column 'b.n' {UNRESOLVED}"),
        ("SELECT n AS m, m + 1 FROM t", f"COLUMN_NOT_FOUND: line 1:16: Column 'm' {UNRESOLVED}"),
        ("SELECT n AS m FROM t WHERE m = 1", f"COLUMN_NOT_FOUND: line 1:28: Column 'm' {UNRESOLVED}"),
        (
            "SELECT g AS k, count(*) FROM t GROUP BY k",
            f"COLUMN_NOT_FOUND: line 1:41: Column 'k' {UNRESOLVED}",
        ),
        ("SELECT sum(n) AS s FROM t HAVING s > 1", f"COLUMN_NOT_FOUND: line 1:34: Column 's' {UNRESOLVED}"),
        (
            "WITH c AS (SELECT n AS m, m + 1 AS o FROM t) SELECT * FROM c",
            f"COLUMN_NOT_FOUND: line 1:27: Column 'm' {UNRESOLVED}",
        ),
        ("SELECT nope(n) FROM t", "FUNCTION_NOT_FOUND: line 1:8: Function 'nope' not registered"),
        (
            "SELECT strftime(d, '%Y') FROM t",
            "FUNCTION_NOT_FOUND: line 1:8: Function 'strftime' not registered",
        ),
        (
            "SELECT * FROM read_csv('/etc/hosts')",
            "FUNCTION_NOT_FOUND: line 1:15: Function 'read_csv' not registered",
        ),
        (
            "SELECT g, n FROM t GROUP BY g",
            "EXPRESSION_NOT_AGGREGATE: line 1:11: 'n' must be an aggregate expression or appear in GROUP BY clause",
        ),
        ("SELECT g FROM t a JOIN t b ON a.n = b.n", "AMBIGUOUS_NAME: line 1:8: Column 'g' is ambiguous"),
        (
            "SELECT n FROM t WHERE n = 'a'",
            "TYPE_MISMATCH: line 1:25: Cannot apply operator: integer = varchar",
        ),
        (
            "SELECT n FROM t WHERE n = '1'",
            "TYPE_MISMATCH: line 1:25: Cannot apply operator: integer = varchar",
        ),
        (
            "SELECT n FROM t WHERE d >= '2024-01-01'",
            "TYPE_MISMATCH: line 1:25: Cannot apply operator: date >= varchar",
        ),
        (
            "SELECT n FROM t WHERE d IN ('2024-01-01')",
            "TYPE_MISMATCH: line 1:25: Cannot apply operator: date IN varchar",
        ),
        ("SELECT n FROM t WHERE g > 1", "TYPE_MISMATCH: line 1:25: Cannot apply operator: varchar > integer"),
        ("SELECT n + g FROM t", "TYPE_MISMATCH: line 1:10: Cannot apply operator: integer + varchar"),
        ("SELECT CAST(n AS date) FROM t", "TYPE_MISMATCH: line 1:13: Cannot cast integer to date"),
        (
            "SELECT lower(n) FROM t",
            "FUNCTION_NOT_FOUND: line 1:8: Unexpected parameters (integer) for function lower",
        ),
        ("SELECT n / 0 FROM t", "DIVISION_BY_ZERO: Division by zero"),
        ("SELECT CAST(g AS integer) FROM t", "INVALID_CAST_ARGUMENT: Cannot cast 'a' to INT"),
        ("SELECT (SELECT n FROM t)", "SUBQUERY_MULTIPLE_ROWS: Scalar sub-query has returned multiple rows"),
        (
            "SELECT shuffle(ARRAY[n]) FROM t",
            "NOT_SUPPORTED: line 1:8: A cloudstage can't run the function shuffle",
        ),
        (
            "MERGE INTO t USING t s ON t.n = s.n WHEN MATCHED THEN DELETE",
            "NOT_SUPPORTED: A cloudstage can't run MERGE statements; the query was not executed",
        ),
    ],
)
def test_a_wrong_query_fails_as_on_athena(queries: Queries, database: str, sql: str, reason: str) -> None:
    assert queries.failure(sql) == reason.format(database=database)


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("selec 1", "line 1:1: mismatched input 'selec'. Expecting: 'ALTER'"),
        ("SELECT n\n  FROM t WHERE", "line 2:15: mismatched input '<EOF>'. Expecting: <expression>"),
        ("SELECT 1 2 3", "line 1:10: mismatched input '2'."),
        ("SELECT n, FROM t", "line 1:11: mismatched input 'FROM'"),
        ("SELECT 'open", "line 1:1:"),
        ("SELECT 1; SELECT 2", "Only one sql statement is allowed."),
        ("GRANT ALL", "line 1:1: mismatched input 'GRANT'."),
        (" ", "line 1:1: mismatched input '<EOF>'."),
        ("CREATE TABLE t2 (a int)", "External keyword required for table type HIVE"),
    ],
)
def test_what_is_no_statement_is_refused_at_once(queries: Queries, sql: str, message: str) -> None:
    with pytest.raises(ClientError) as refused:
        queries.start(sql)
    assert refused.value.response["Error"]["Code"] == "InvalidRequestException"
    assert refused.value.response["AthenaErrorCode"] == "MALFORMED_QUERY"
    assert refused.value.response["Error"]["Message"].startswith(message)


def test_a_failed_query_says_what_kind_of_error_it_was(queries: Queries) -> None:
    execution = queries.run("SELECT x FROM t")
    assert execution["Status"]["AthenaError"] == {
        "ErrorCategory": 2,
        "ErrorType": 1006,
        "Retryable": False,
        "ErrorMessage": execution["Status"]["StateChangeReason"],
    }
    with pytest.raises(ClientError, match="Final query state: FAILED"):
        queries.client.get_query_results(QueryExecutionId=execution["QueryExecutionId"])
