from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloudstage.athena.errors import QueryFailed
from cloudstage.athena.tables.hive_types import arrow_type, hive_type

SIMPLE = [
    "bigint",
    "binary",
    "boolean",
    "date",
    "double",
    "float",
    "int",
    "smallint",
    "string",
    "timestamp",
    "tinyint",
]
TYPES = st.recursive(
    st.sampled_from([*SIMPLE, "decimal(10,2)", "decimal(38,0)"]),
    lambda inner: (
        st.builds("array<{}>".format, inner)
        | st.builds("map<string,{}>".format, inner)
        | st.builds("struct<a:{},b_2:{}>".format, inner, inner)
    ),
    max_leaves=6,
)


@given(TYPES)
def test_every_type_survives(hive: str) -> None:
    assert hive_type(arrow_type(hive)) == hive


@pytest.mark.parametrize(
    ("hive", "kind"),
    [
        ("VARCHAR(10)", pa.string()),
        ("char(3)", pa.string()),
        ("decimal", pa.decimal128(10, 0)),
        (
            "struct< a : int , b : array< string > >",
            pa.struct([("a", pa.int32()), ("b", pa.list_(pa.string()))]),
        ),
    ],
)
def test_other_ways_to_write_a_type(hive: str, kind: pa.DataType) -> None:
    assert arrow_type(hive) == kind


@pytest.mark.parametrize("hive", ["", "array<int", "struct<a>", "geography", "int>", "decimal(x)"])
def test_what_is_no_type_is_refused(hive: str) -> None:
    with pytest.raises(QueryFailed, match="HIVE_INVALID_METADATA"):
        arrow_type(hive)


def test_what_athena_can_t_store_is_refused() -> None:
    with pytest.raises(QueryFailed, match="Unsupported Hive type"):
        hive_type(pa.timestamp("us", tz="UTC"))
