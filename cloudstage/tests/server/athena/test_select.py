# ruff: noqa: S608 (the tests write their own SQL)
from __future__ import annotations

import datetime

import pyarrow as pa
import pytest
from pyiceberg.catalog.glue import GlueCatalog

from cloudstage.context import Context

from .queries import Queries

ROWS = pa.table(
    {
        "name": ["one", "two", "three", None],
        "value": [1.5, 1e10, None, 0.25],
        "observed_at": pa.array([datetime.datetime(2024, 1, day) for day in range(1, 5)], pa.timestamp("us")),
    }
)


@pytest.fixture(scope="module", autouse=True)
def _observations(iceberg: GlueCatalog, database: str) -> None:
    iceberg.create_table((database, "observations"), ROWS.schema).append(ROWS)


def test_the_rows_of_an_iceberg_table_are_given_as_athena_gives_them(queries: Queries) -> None:
    assert queries.table("SELECT * FROM observations ORDER BY observed_at") == [
        ["name", "value", "observed_at"],
        ["one", "1.5", "2024-01-01 00:00:00.000000"],
        ["two", "1.0E10", "2024-01-02 00:00:00.000000"],
        ["three", None, "2024-01-03 00:00:00.000000"],
        [None, "0.25", "2024-01-04 00:00:00.000000"],
    ]


def test_the_result_is_kept_as_csv_where_the_caller_asked_for_it(
    queries: Queries, stage: Context, bucket: str
) -> None:
    execution = queries.succeed("SELECT name, value FROM observations ORDER BY observed_at")
    location = execution["ResultConfiguration"]["OutputLocation"]
    assert location == f"s3://{bucket}/results/{execution['QueryExecutionId']}.csv"
    s3, key = stage.client("s3"), location.removeprefix(f"s3://{bucket}/")
    body = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    assert body == b'"name","value"\n"one","1.5"\n"two","1.0E10"\n"three",\n,"0.25"\n'
    assert b"varchar" in s3.get_object(Bucket=bucket, Key=f"{key}.metadata")["Body"].read()


def test_an_execution_tells_what_was_run_and_read(queries: Queries, database: str) -> None:
    execution = queries.succeed("SELECT count(*) FROM observations")
    assert execution["StatementType"] == "DML"
    assert execution["SubstatementType"] == "SELECT"
    assert execution["QueryExecutionContext"] == {"Database": database}
    assert execution["WorkGroup"] == "primary"
    assert execution["EngineVersion"]["EffectiveEngineVersion"] == "Athena engine version 3"
    assert execution["Statistics"]["DataScannedInBytes"] > 0
    assert execution["Statistics"]["TotalExecutionTimeInMillis"] >= 0
    assert execution["Status"]["CompletionDateTime"] >= execution["Status"]["SubmissionDateTime"]


def test_names_are_found_in_any_case_with_or_without_database(queries: Queries, database: str) -> None:
    assert queries.rows(f'SELECT "NAME" FROM "{database}"."Observations" WHERE Value = 1.5') == [["one"]]
    sql = f"SELECT {database}.observations.name FROM awsdatacatalog.{database}.observations WHERE value = 1.5"
    assert queries.rows(sql) == [["one"]]


def test_a_table_may_be_used_twice(queries: Queries) -> None:
    sql = """
        WITH named AS (SELECT * FROM observations WHERE name IS NOT NULL)
        SELECT count(*) FROM named a JOIN named b ON a.name = b.name
        WHERE EXISTS (SELECT 1 FROM observations o WHERE o.name = a.name)
    """
    assert queries.rows(sql) == [["3"]]


def test_a_with_query_hides_a_table_only_where_it_is_in_sight(queries: Queries) -> None:
    sql = """
        SELECT (SELECT count(*) FROM observations), n.c
        FROM (WITH observations AS (SELECT 1 AS x) SELECT count(*) AS c FROM observations) n
    """
    assert queries.rows(sql) == [["4", "1"]]


@pytest.mark.parametrize(
    ("projections", "names"),
    [
        ("count(*), max(value)", ["_col0", "_col1"]),
        ("NAME, value AS Value2, 1", ["NAME", "Value2", "_col2"]),
        ("*, 1", ["name", "value", "observed_at", "_col3"]),
    ],
)
def test_columns_are_named_as_athena_names_them(queries: Queries, projections: str, names: list[str]) -> None:
    assert queries.table(f"SELECT {projections} FROM observations")[0] == names


def test_values_need_no_table(queries: Queries) -> None:
    assert queries.table("VALUES (1, 'a'), (2, 'b')") == [["_col0", "_col1"], ["1", "a"], ["2", "b"]]
    assert queries.table("SELECT * FROM (VALUES (1, 'a'))") == [["_col0", "_col1"], ["1", "a"]]
    assert queries.rows("SELECT y FROM (VALUES (1, 'a')) AS t (x, y)") == [["a"]]


def test_order_by_may_use_the_names_of_the_result(queries: Queries) -> None:
    sql = "SELECT name AS n, value * 2 AS twice FROM observations WHERE value < 2 ORDER BY TWICE DESC, n"
    assert queries.rows(sql) == [["one", "3.0"], [None, "0.5"]]


def test_set_operations_and_grouping(queries: Queries) -> None:
    assert queries.rows("SELECT 1 UNION SELECT 2 EXCEPT SELECT 1") == [["2"]]
    sql = "SELECT name IS NULL AS unnamed, count(*) FROM observations GROUP BY 1 HAVING count(*) > 1"
    assert queries.rows(sql) == [["false", "3"]]
    rollup = "SELECT name, count(*) FROM observations WHERE name > 'p' GROUP BY ROLLUP (name) ORDER BY 2, 1"
    assert queries.rows(rollup) == [["three", "1"], ["two", "1"], [None, "2"]]


def test_explain_shows_a_plan_and_runs_nothing(queries: Queries) -> None:
    execution = queries.succeed("EXPLAIN SELECT 1 / 0 FROM observations")
    assert execution["SubstatementType"] == "EXPLAIN"
    assert execution["Statistics"]["DataScannedInBytes"] == 0
