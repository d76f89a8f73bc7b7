"""What Trino's functions give, as text of a result. All of a test's expressions run in one query."""
# ruff: noqa: S608 (the tests write their own SQL)

from __future__ import annotations

import pytest

from ..queries import Queries

TIME = {
    "date_trunc('month', TIMESTAMP '2024-05-17 10:11:12.123456')": "2024-05-01 00:00:00.000000",
    "date_trunc('hour', TIMESTAMP '2024-05-17 10:11:12.123')": "2024-05-17 10:00:00.000",
    "date_trunc('week', DATE '2024-05-17')": "2024-05-13",
    "date_parse('2024-01-02 03:04:05', '%Y-%m-%d %H:%i:%s')": "2024-01-02 03:04:05.000",
    "date_format(TIMESTAMP '2024-05-17 10:11:12', '%Y/%m/%d %H:%i:%s')": "2024/05/17 10:11:12",
    "format_datetime(TIMESTAMP '2024-05-17 10:11:12', 'yyyy-MM-dd''T''HH:mm')": "2024-05-17T10:11",
    "parse_datetime('17.05.2024', 'dd.MM.yyyy')": "2024-05-17 00:00:00.000 UTC",
    "from_iso8601_timestamp('2024-05-17T10:11:12.5+02:00')": "2024-05-17 08:11:12.500 UTC",
    "from_iso8601_date('2024-05-17')": "2024-05-17",
    "from_unixtime(1715940672)": "2024-05-17 10:11:12.000 UTC",
    "to_unixtime(TIMESTAMP '2024-05-17 10:11:12')": "1.715940672E9",
    "to_iso8601(TIMESTAMP '2024-05-17 10:11:12.345')": "2024-05-17T10:11:12.345",
    "date_diff('day', DATE '2024-01-01', DATE '2024-02-01')": "31",
    "date_diff('hour', TIMESTAMP '2024-01-01 00:30:00', TIMESTAMP '2024-01-01 02:00:00')": "1",
    "date_diff('month', DATE '2024-01-31', DATE '2024-02-01')": "0",
    "date_add('month', 1, DATE '2024-01-31')": "2024-02-29",
    "date_add('hour', 25, TIMESTAMP '2024-01-01 00:00:00')": "2024-01-02 01:00:00",
    "DATE '2024-01-01' + INTERVAL '1' DAY": "2024-01-02",
    "TIMESTAMP '2024-01-01 00:00:00.000' - INTERVAL '90' MINUTE": "2023-12-31 22:30:00.000",
    "INTERVAL '2' DAY": "2 00:00:00.000",
    "day_of_week(DATE '2024-05-19')": "7",
    "extract(dow FROM DATE '2024-05-19')": "7",
    "week(DATE '2024-12-30') + year_of_week(DATE '2024-12-30')": "2026",
    "last_day_of_month(DATE '2024-02-03')": "2024-02-29",
    "millisecond(TIMESTAMP '2024-01-01 10:11:12.345')": "345",
    "TIMESTAMP '2024-06-01 00:00:00' AT TIME ZONE 'Europe/Berlin'": "2024-06-01 02:00:00.000 Europe/Berlin",
    "hour(TIMESTAMP '2024-06-01 00:00:00' AT TIME ZONE 'Europe/Berlin')": "2",
    "with_timezone(TIMESTAMP '2024-06-01 00:00:00', 'Europe/Berlin')": "2024-05-31 22:00:00.000 UTC",
    "CAST(TIMESTAMP '2024-06-01 01:00:00 UTC' AS timestamp)": "2024-06-01 01:00:00.000",
    "sequence(DATE '2024-01-01', DATE '2024-03-01', INTERVAL '1' MONTH)": "[2024-01-01, 2024-02-01, 2024-03-01]",
    "current_date > DATE '2020-01-01' AND now() > TIMESTAMP '2020-01-01 00:00:00 UTC'": "true",
}
TEXT = {
    "'a' || 'b' || 'c'": "abc",
    "concat('a', 'b')": "ab",
    "substr('abc', 2, 1) || substr('abc', -1)": "bc",
    "split('a.b.c', '.', 2)": "[a, b.c]",
    "split_part('a,b', ',', 2)": "b",
    "split_to_map('a=1,b=2', ',', '=')": "{a=1, b=2}",
    "strpos('abc', 'b') + position('c' IN 'abc')": "5",
    "lpad('7', 3, '0') || rpad('x', 2, '-')": "007x-",
    "replace('abc', 'b')": "ac",
    "regexp_like('abc123', '\\d+')": "true",
    "regexp_extract('abc123', '([a-z]+)(\\d+)', 2)": "123",
    "regexp_extract('abc', '\\d')": None,
    "regexp_replace('abc', '(b)', '<$1>')": "a<b>c",
    "regexp_extract_all('a1b2', '\\d')": "[1, 2]",
    "format('%s is %d or %.2f, %05d', 'x', 1, 1.5, 7)": "x is 1 or 1.50, 00007",
    "reverse('abc')": "cba",
    "json_extract_scalar('{\"a\": {\"b\": [1, true]}}', '$.a.b[1]')": "true",
    "json_extract_scalar('{\"a\": {}}', '$.a')": None,
    "json_extract_scalar('no json', '$.a')": None,
    "json_extract('{\"a\": {\"b\": 1}}', '$.a')": '{"b":1}',
    "json_format(CAST(MAP(ARRAY['a'], ARRAY[1]) AS json))": '{"a":1}',
    "CAST(json_parse('{\"a\": 1}') AS map(varchar, integer))": "{a=1}",
    "json_array_length('[1, 2]')": "2",
    "to_hex(md5(to_utf8('a')))": "0CC175B9C0F1B6A831C399E269772661",
    "sha1(to_utf8('a'))": "86 f7 e4 37 fa a5 a7 fc e1 5d 1d dc b9 ea ea ea 37 76 67 b8",
    "from_utf8(from_base64('YQ=='))": "a",
    "url_extract_host('https://user@a.b:1/c?d=e%20f#g') || url_extract_path('https://a.b/c?d')": "a.b/c",
    "url_extract_parameter('https://a.b/c?x=1&d=e%20f#g', 'd')": "e f",
    "CAST('abcdef' AS varchar(2))": "ab",
}
NUMBERS = {
    "5 / 2": "2",
    "-5 / 2": "-2",
    "5 % 3": "2",
    "5 / 2e0": "2.5",
    "1e0 / 0": "Infinity",
    "0e0 / 0": "NaN",
    "TRY(1 / 0)": None,
    "0.1 + 0.2": "0.30000000000000004",
    "DECIMAL '0.1' + DECIMAL '0.2'": "0.3",
    "1e10": "1.0E10",
    "CAST(1e-7 AS varchar) || CAST(123456789.25 AS varchar)": "1.0E-71.2345678925E8",
    "CAST(1.1 AS real)": "1.1",
    "round(2.5)": "3.0",
    "round(-2.5)": "-3.0",
    "truncate(1.567)": "1.0",
    "mod(7, 3) + abs(-1)": "2",
    "power(2, 3)": "8.0",
    "log(2, 8)": "3.0",
    "width_bucket(3, 0, 10, 5)": "2",
    "from_base('ff', 16)": "255",
    "to_base(255, 16)": "ff",
    "bitwise_and(5, 3) + bitwise_left_shift(1, 2)": "5",
    "is_nan(nan()) AND is_infinite(infinity())": "true",
    "greatest(1, NULL)": None,
    "least(2, 1)": "1",
    "TRY_CAST('a' AS integer)": None,
    "CAST(1.6 AS integer)": "2",
    "CAST(2.345 AS decimal(5, 2))": "2.35",
    "if(false, 1)": None,
    "nullif(1, 1)": None,
    "coalesce(NULL, 1)": "1",
    "CASE WHEN 1 IS DISTINCT FROM NULL THEN 'yes' END": "yes",
}
COLLECTIONS = {
    "ARRAY[1, 2][1]": "1",
    "element_at(ARRAY[1, 2], -1)": "2",
    "element_at(ARRAY[1], 9)": None,
    "cardinality(ARRAY[1, 2])": "2",
    "contains(ARRAY[1], 1)": "true",
    "array_join(ARRAY[1, NULL, 2], ',', 'x')": "1,x,2",
    "array_distinct(ARRAY[1, 1, NULL])": "[1]",
    "slice(ARRAY[1, 2, 3], 2, 2)": "[2, 3]",
    "flatten(ARRAY[ARRAY[1], ARRAY[2]])": "[1, 2]",
    "ARRAY[1] || ARRAY[2]": "[1, 2]",
    "sequence(1, 7, 3)": "[1, 4, 7]",
    "transform(ARRAY[1, 2], x -> x + 1)": "[2, 3]",
    "filter(ARRAY[1, 2], x -> x > 1)": "[2]",
    "reduce(ARRAY[1, 2, 3], 0, (s, x) -> s + x, s -> s * 10)": "60",
    "any_match(ARRAY[1, 2], x -> x > 1)": "true",
    "all_match(ARRAY[1, 2], x -> x > 1)": "false",
    "none_match(ARRAY[1, 2], x -> x > 5)": "true",
    "zip_with(ARRAY[1, 2], ARRAY[3, 4], (x, y) -> x * y)": "[3, 8]",
    "repeat('x', 2)": "[x, x]",
    "array_position(ARRAY[1], 5)": "0",
    "arrays_overlap(ARRAY[1], ARRAY[1, 2])": "true",
    "array_max(ARRAY[1, 3, 2])": "3",
    "MAP(ARRAY['b', 'a'], ARRAY[1, 2])": "{a=2, b=1}",
    "MAP(ARRAY['a'], ARRAY[1])['a']": "1",
    "map_filter(MAP(ARRAY['a', 'b'], ARRAY[1, 2]), (k, v) -> v > 1)": "{b=2}",
    "transform_values(MAP(ARRAY['a'], ARRAY[1]), (k, v) -> v + 1)": "{a=2}",
    "map_keys(MAP(ARRAY['a'], ARRAY[1]))": "[a]",
    "ROW(1, 'x')": "{1, x}",
    "CAST(ROW(1, NULL) AS ROW(a integer, b varchar))": "{a=1, b=null}",
    "CAST(ROW(1, 'x') AS ROW(a integer, b varchar)).b": "x",
    "ARRAY[DATE '2024-01-01']": "[2024-01-01]",
    "ARRAY[1e10]": "[1.0E10]",
    "ARRAY[true, NULL]": "[true, null]",
}


@pytest.mark.parametrize(
    "expected", [TIME, TEXT, NUMBERS, COLLECTIONS], ids=["time", "text", "numbers", "collections"]
)
def test_expressions(queries: Queries, expected: dict[str, str | None]) -> None:
    given = dict(zip(expected, queries.texts(*expected), strict=True))
    assert given == expected


@pytest.mark.parametrize(
    ("aggregations", "expected"),
    [
        (
            "approx_distinct(x), approx_percentile(x, 0.5), count_if(x > 1), sum(x) FILTER (WHERE x > 1)",
            ["3", "2", "2", "5"],
        ),
        ("max_by(name, x), min_by(name, x), max_by(x, x, 2)", ["c", "a", "[3, 2]"]),
        (
            "array_agg(x ORDER BY x DESC), map_agg(name, x), histogram(x > 1)",
            ["[3, 2, 1]", "{a=1, b=2, c=3}", "{false=1, true=2}"],
        ),
        (
            "map_agg(name, x) FILTER (WHERE x > 2), listagg(name, '-') WITHIN GROUP (ORDER BY name)",
            ["{c=3}", "a-b-c"],
        ),
        (
            "bool_and(x > 0), every(x > 1), arbitrary(1), geometric_mean(x * 0 + 4)",
            ["true", "false", "1", "4.0"],
        ),
        (
            "avg(x), stddev_pop(x), corr(x, x), sum(CAST(x AS decimal(5, 2)))",
            ["2.0", "0.816496580927726", "1.0", "6.00"],
        ),
    ],
)
def test_aggregations(queries: Queries, aggregations: str, expected: list[str]) -> None:
    sql = f"SELECT {aggregations} FROM (VALUES (1, 'a'), (2, 'b'), (3, 'c')) AS t (x, name)"
    assert queries.rows(sql) == [expected]


def test_windows(queries: Queries) -> None:
    sql = """
        SELECT row_number() OVER (ORDER BY x), lag(x) OVER (ORDER BY x), first_value(x) OVER (ORDER BY x DESC),
               sum(x) OVER (ORDER BY x ROWS BETWEEN 1 PRECEDING AND CURRENT ROW),
               lag(y) IGNORE NULLS OVER (ORDER BY x)
        FROM (VALUES (1, 'a'), (2, NULL), (3, 'c')) AS t (x, y) ORDER BY x
    """
    assert queries.rows(sql) == [
        ["1", None, "3", "1", None],
        ["2", "1", "3", "3", "a"],
        ["3", "2", "3", "5", "a"],
    ]


@pytest.mark.parametrize(
    ("unnest", "rows"),
    [
        ("UNNEST(ARRAY['a', 'b']) WITH ORDINALITY AS t (x, n)", [["a", "1"], ["b", "2"]]),
        ("UNNEST(ARRAY[1, 2], ARRAY['x']) AS t (a, b)", [["1", "x"], ["2", None]]),
        ("UNNEST(MAP(ARRAY['k'], ARRAY[1])) AS t (k, v)", [["k", "1"]]),
        ("UNNEST(ARRAY[ROW(1, 'x'), ROW(2, 'y')]) AS t (a, b)", [["1", "x"], ["2", "y"]]),
    ],
)
def test_unnest(queries: Queries, unnest: str, rows: list[list[str | None]]) -> None:
    assert queries.rows(f"SELECT t.* FROM (VALUES 0) AS o (z) CROSS JOIN {unnest}") == rows
