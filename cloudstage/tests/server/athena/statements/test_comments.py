"""A comment may stand before, in and after any statement."""

# ruff: noqa: S608 (the tests write their own SQL)
from __future__ import annotations

import pytest

from ..queries import Queries

DBT = '/* {"app": "dbt", "node_id": "model.shop.orders"} */\n'
WRITTEN = [
    DBT + "{}",
    "-- It's a line; with a quote\n{}",
    "{} -- the end",
    "{};\n-- the end",
]


@pytest.fixture(scope="module")
def table(queries: Queries, bucket: str) -> str:
    queries.succeed(
        f"{DBT}CREATE EXTERNAL TABLE commented ( -- columns\n  id int, /* the key */ name string\n)"
        f" PARTITIONED BY (day string) STORED AS PARQUET LOCATION 's3://{bucket}/commented/' -- there"
    )
    return "commented"


@pytest.mark.parametrize("written", WRITTEN)
def test_statements_on_a_table_run(queries: Queries, table: str, bucket: str, written: str) -> None:
    for sql in (
        "SHOW TABLES /* all */ LIKE 'commented'",
        f"SHOW /* its */ PARTITIONS {table}",
        f"SHOW COLUMNS IN {table}",
        f"SHOW CREATE TABLE {table}",
        f"SHOW TBLPROPERTIES {table}",
        f"DESCRIBE {table}",
        f"MSCK REPAIR TABLE {table}",
        f"ALTER TABLE {table} ADD IF NOT EXISTS PARTITION (day = '1') LOCATION 's3://{bucket}/commented/1/'",
        f"EXPLAIN SELECT * FROM {table}",
    ):
        queries.succeed(written.replace("{}", sql))


@pytest.mark.parametrize("written", WRITTEN)
def test_what_is_made_can_be_dropped(queries: Queries, bucket: str, written: str) -> None:
    for sql in (
        "CREATE DATABASE remarks",
        "CREATE TABLE remarks.chosen WITH (format = 'PARQUET') AS /* what */ SELECT 1 AS one",
        f"CREATE TABLE remarks.kept (id int) LOCATION 's3://{bucket}/kept/'"
        " TBLPROPERTIES ('table_type' = 'ICEBERG')",
        "INSERT INTO remarks.kept VALUES (1) -- one\n, (2)",
        "UPDATE remarks.kept SET id = 3 WHERE id = 2",
        "DELETE FROM remarks.kept WHERE id = 3",
        "CREATE OR REPLACE VIEW remarks.seen AS SELECT id FROM remarks.kept",
        "PREPARE remark FROM SELECT id FROM remarks.kept WHERE id = ?",
        "EXECUTE remark USING 1",
        "DEALLOCATE PREPARE remark",
        f"UNLOAD (SELECT 1 AS one) TO 's3://{bucket}/unloaded/{WRITTEN.index(written)}/' WITH (format = 'PARQUET')",
        "DROP VIEW remarks.seen",
        "DROP TABLE remarks.kept",
        "DROP DATABASE remarks CASCADE",
    ):
        queries.succeed(written.replace("{}", sql))


def test_a_quoted_comment_is_text(queries: Queries) -> None:
    assert queries.rows("-- really\nSELECT '-- a', '/* b */', 'c''--d' -- e") == [
        ["-- a", "/* b */", "c'--d"]
    ]


def test_a_mistake_is_found_in_its_own_line(queries: Queries) -> None:
    assert "line 2:8" in queries.failure("-- one line\nSELECT nothing FROM (VALUES 1) AS t (a)")
