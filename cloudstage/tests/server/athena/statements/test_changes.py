"""INSERT, DELETE and UPDATE of Iceberg tables."""
# ruff: noqa: S608 (the tests write their own SQL)

from __future__ import annotations

import concurrent.futures
import uuid

import pytest
from pyiceberg.catalog.glue import GlueCatalog

from ..queries import Queries


@pytest.fixture
def table(queries: Queries, bucket: str) -> str:
    name = f"t_{uuid.uuid4().hex[:8]}"
    queries.succeed(f"""
        CREATE TABLE {name} (id bigint, kind string, at timestamp, part struct<a:int,b:string>)
        PARTITIONED BY (kind) LOCATION 's3://{bucket}/{name}/' TBLPROPERTIES ('table_type' = 'ICEBERG')
    """)
    return name


def test_rows_are_inserted(queries: Queries, table: str, iceberg: GlueCatalog, database: str) -> None:
    execution = queries.succeed(
        f"INSERT INTO {table} VALUES (1, 'a', TIMESTAMP '2024-01-01 00:00:00', ROW(7, 'x')), (2, 'b', NULL, NULL)"
    )
    assert (execution["StatementType"], execution["SubstatementType"]) == ("DML", "INSERT")
    answer = queries.client.get_query_results(QueryExecutionId=execution["QueryExecutionId"])
    assert answer["UpdateCount"] == 2
    queries.succeed(f"INSERT INTO {table} (kind, id) SELECT kind, id + 10 FROM {table} WHERE id = 1")
    assert queries.rows(f"SELECT * FROM {table} ORDER BY id") == [
        ["1", "a", "2024-01-01 00:00:00.000000", "{a=7, b=x}"],
        ["2", "b", None, None],
        ["11", "a", None, None],
    ]
    assert iceberg.load_table((database, table)).scan().to_arrow().num_rows == 3


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ("(1)", "TYPE_MISMATCH: line 1:1: Insert query has 1 expression(s) but expected 4 target column(s)"),
        ("('x', 'a', NULL, NULL)", "TYPE_MISMATCH: line 1:1: Insert query has mismatched column types"),
    ],
)
def test_rows_that_do_not_fit_are_refused(queries: Queries, table: str, values: str, reason: str) -> None:
    assert queries.failure(f"INSERT INTO {table} VALUES {values}").startswith(reason)
    assert queries.rows(f"SELECT count(*) FROM {table}") == [["0"]]


def test_rows_are_deleted_and_updated(queries: Queries, table: str) -> None:
    queries.succeed(f"INSERT INTO {table} (id, kind) VALUES (1, 'a'), (2, 'b'), (3, NULL), (4, 'b')")
    deleted = queries.result(f"DELETE FROM {table} WHERE kind = 'b' AND id > 2")
    assert deleted["UpdateCount"] == 1
    updated = queries.result(f"UPDATE {table} SET kind = kind || '!', id = id * 10 WHERE kind IS NOT NULL")
    assert updated["UpdateCount"] == 2
    remaining = [["10", "a!"], ["20", "b!"], ["3", None]]
    assert sorted(queries.rows(f"SELECT id, kind FROM {table}"), key=str) == remaining
    untouched = queries.result(f"DELETE FROM {table} WHERE id = 99")
    assert untouched["UpdateCount"] == 0
    queries.succeed(f"DELETE FROM {table}")
    assert queries.rows(f"SELECT count(*) FROM {table}") == [["0"]]


def test_inserts_at_once_all_arrive(queries: Queries, table: str) -> None:
    """As far as the catalog refuses a stale commit, which the cloudstage's adapter sees to, not moto itself."""
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        statements = [f"INSERT INTO {table} (id, kind) VALUES ({number}, 'a')" for number in range(3)]
        for execution in pool.map(queries.run, statements):
            assert execution["Status"]["State"] == "SUCCEEDED"


def test_other_tables_and_statements_are_refused(queries: Queries, bucket: str, table: str) -> None:
    queries.succeed(f"CREATE EXTERNAL TABLE plain_{table} (id int) LOCATION 's3://{bucket}/plain/'")
    assert queries.failure(f"INSERT INTO plain_{table} VALUES (1)").startswith(
        "NOT_SUPPORTED: A cloudstage runs INSERT"
    )
    for sql in (f"OPTIMIZE {table} REWRITE DATA USING BIN_PACK", f"VACUUM {table}"):
        assert queries.failure(sql).startswith("NOT_SUPPORTED: A cloudstage can't run")
