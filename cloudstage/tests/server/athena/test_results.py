"""Pages of results and the description of their columns."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from cloudstage.athena.results.files import csv_line, csv_rows
from cloudstage.context import Context

from .queries import Queries

TYPES = {
    "true": ("boolean", 0, 0),
    "CAST(1 AS tinyint)": ("tinyint", 3, 0),
    "CAST(1 AS smallint)": ("smallint", 5, 0),
    "1": ("integer", 10, 0),
    "BIGINT '1'": ("bigint", 19, 0),
    "sum(1)": ("bigint", 19, 0),
    "CAST(1 AS real)": ("float", 17, 0),
    "1.5": ("double", 17, 0),
    "DECIMAL '1.50'": ("decimal", 3, 2),
    "'x'": ("varchar", 2147483647, 0),
    "X'01'": ("varbinary", 1073741824, 0),
    "DATE '2024-01-01'": ("date", 0, 0),
    "TIMESTAMP '2024-01-01 00:00:00'": ("timestamp", 3, 0),
    "current_timestamp": ("timestamp with time zone", 3, 0),
    "ARRAY[1]": ("array", 0, 0),
    "MAP(ARRAY['a'], ARRAY[1])": ("map", 0, 0),
    "CAST(ROW(1) AS ROW(a integer))": ("row", 0, 0),
    "JSON '1'": ("json", 0, 0),
    "NULL": ("unknown", 0, 0),
}


def test_types_have_athenas_names_and_precision(queries: Queries) -> None:
    metadata = queries.result("SELECT " + ", ".join(TYPES))["ResultSet"]["ResultSetMetadata"]
    described = [(each["Type"], each["Precision"], each["Scale"]) for each in metadata["ColumnInfo"]]
    assert dict(zip(TYPES, described, strict=True)) == TYPES
    assert metadata["ColumnInfo"][0] == {
        "CatalogName": "hive",
        "SchemaName": "",
        "TableName": "",
        "Name": "_col0",
        "Label": "_col0",
        "Type": "boolean",
        "Precision": 0,
        "Scale": 0,
        "Nullable": "UNKNOWN",
        "CaseSensitive": False,
    }


def test_a_long_result_comes_in_pages(queries: Queries) -> None:
    identifier = queries.succeed("SELECT x, 'a,\n\"b' FROM UNNEST(sequence(1, 2500)) AS t (x)")[
        "QueryExecutionId"
    ]
    pages = list(queries.client.get_paginator("get_query_results").paginate(QueryExecutionId=identifier))
    assert [len(page["ResultSet"]["Rows"]) for page in pages] == [1000, 1000, 501]
    rows = [row["Data"] for page in pages for row in page["ResultSet"]["Rows"]]
    assert [row[0]["VarCharValue"] for row in rows] == ["x", *map(str, range(1, 2501))]
    assert {row[1]["VarCharValue"] for row in rows[1:]} == {'a,\n"b'}


def test_the_header_counts_as_a_row_of_the_first_page(queries: Queries) -> None:
    identifier = queries.succeed("SELECT 7 AS seven")["QueryExecutionId"]
    page = queries.client.get_query_results(QueryExecutionId=identifier, MaxResults=1)
    assert page["ResultSet"]["Rows"] == [{"Data": [{"VarCharValue": "seven"}]}]
    following = queries.client.get_query_results(QueryExecutionId=identifier, NextToken=page["NextToken"])
    assert following["ResultSet"]["Rows"] == [{"Data": [{"VarCharValue": "7"}]}]
    assert "NextToken" not in following


def test_null_has_no_value_and_empty_text_has_one(queries: Queries) -> None:
    rows = queries.result("SELECT NULL, ''")["ResultSet"]["Rows"]
    assert rows[1] == {"Data": [{}, {"VarCharValue": ""}]}
    assert queries.result("SELECT CAST(NULL AS varchar)")["ResultSet"]["Rows"][1] == {"Data": [{}]}


@pytest.mark.parametrize(("most", "token"), [(1001, None), (10, "no token")])
def test_a_wrong_page_is_refused(queries: Queries, most: int, token: str | None) -> None:
    identifier = queries.succeed("SELECT 1")["QueryExecutionId"]
    request = {"MaxResults": most} | ({"NextToken": token} if token else {})
    with pytest.raises(ClientError, match=r"InvalidRequestException|MaxResults"):
        queries.client.get_query_results(QueryExecutionId=identifier, **request)


def test_a_result_that_was_deleted_is_not_found(queries: Queries, stage: Context, bucket: str) -> None:
    execution = queries.succeed("SELECT 1")
    key = execution["ResultConfiguration"]["OutputLocation"].removeprefix(f"s3://{bucket}/")
    stage.client("s3").delete_object(Bucket=bucket, Key=key)
    with pytest.raises(ClientError, match="Could not find results"):
        queries.client.get_query_results(QueryExecutionId=execution["QueryExecutionId"])


@given(rows=st.lists(st.lists(st.text(), min_size=2, max_size=2)))
def test_any_text_survives_the_file(rows: list[list[str]]) -> None:
    content = b"".join(csv_line(row) for row in rows)
    assert [row for row, _ in csv_rows(content, 0)] == rows
