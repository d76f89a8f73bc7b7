from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloudstage.athena.errors import InvalidRequest
from cloudstage.athena.sql.statement import classify, location


@pytest.mark.parametrize(
    ("sql", "kind"),
    [
        ("select 1;", ("DML", "SELECT")),
        ("  -- a comment\n/* and\nanother */ WITH a AS (SELECT 1) SELECT * FROM a", ("DML", "SELECT")),
        ("(SELECT 1) UNION (SELECT 2)", ("DML", "SELECT")),
        ("VALUES 1", ("DML", "SELECT")),
        ("CREATE TABLE t AS SELECT 1 AS x", ("DDL", "CREATE_TABLE_AS_SELECT")),
        ("CREATE TABLE t WITH (format = 'PARQUET')\nAS\n(SELECT 1 AS x)", ("DDL", "CREATE_TABLE_AS_SELECT")),
        ("create external table t (a int)", ("DDL", "CREATE_TABLE")),
        ("CREATE OR REPLACE VIEW v AS SELECT 1", ("DDL", "CREATE_VIEW")),
        ("CREATE SCHEMA s", ("DDL", "CREATE_DATABASE")),
        ("SHOW SCHEMAS", ("UTILITY", "SHOW_DATABASES")),
        ("show create table t", ("UTILITY", "SHOW_CREATE_TABLE")),
        ("DESC t", ("UTILITY", "DESCRIBE_TABLE")),
        ("UNLOAD (SELECT 1) TO 's3://x/'", ("DML", "UNLOAD")),
        ("MSCK REPAIR TABLE t", ("DDL", "MSCK_REPAIR")),
    ],
)
def test_statements_have_athenas_types(sql: str, kind: tuple[str, str]) -> None:
    statement = classify(sql)
    assert (statement.type, statement.subtype) == kind
    assert not statement.text.endswith(";")


@pytest.mark.parametrize(
    ("sql", "text"),
    [
        ("-- why\nSELECT 1 -- one", "      \nSELECT 1"),
        ('/* {"app": "dbt"} */ SELECT 1', f"{' ' * 20} SELECT 1"),
        ("SELECT /* a\nb */ 1", "SELECT     \n     1"),
        ("SELECT 1; -- the end", "SELECT 1"),
        ("SELECT '-- no', '/* no */', \"--no\" -- yes", "SELECT '-- no', '/* no */', \"--no\""),
        ("SELECT 'it''s -- no' /* yes", "SELECT 'it''s -- no'"),
        ("DROP TABLE `a--b`", "DROP TABLE `a--b`"),
    ],
)
def test_comments_are_blank_and_everything_else_stays_in_its_place(sql: str, text: str) -> None:
    assert classify(sql).text == text


@pytest.mark.parametrize("sql", ["CREATE INDEX i", "SHOW GRANTS", "DROP FUNCTION f"])
def test_what_starts_well_and_goes_wrong_is_not_supported(sql: str) -> None:
    with pytest.raises(InvalidRequest, match="Queries of this type are not supported"):
        classify(sql)


@given(st.text())
def test_any_text_is_a_statement_or_refused(text: str) -> None:
    with contextlib.suppress(InvalidRequest):
        assert len(classify(text).text) <= len(text)


def test_a_place_is_counted_from_one() -> None:
    assert location("ab\ncd", 0) == "line 1:1"
    assert location("ab\ncd", 4) == "line 2:2"
