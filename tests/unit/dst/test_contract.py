from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from dst import contract
from dst.errors import DeclarationError


def key(position: int) -> dict[str, Any]:
    return {"primaryKey": True, "primaryKeyPosition": position}


def partition(position: int) -> dict[str, Any]:
    return {"partitioned": True, "partitionKeyPosition": position}


GOOD: dict[str, Any] = {
    "apiVersion": "v3.1.0",
    "kind": "DataContract",
    "id": "tides",
    "version": "1.2.0",
    "status": "active",
    "schema": [
        {
            "name": "tides",
            "description": "Heights",
            "properties": [
                {"name": "day", "physicalType": "date", "required": True} | partition(2),
                {"name": "at", "physicalType": "timestamp"} | key(2),
                {"name": "port", "physicalType": "string"} | key(1) | partition(1),
                {"name": "height", "physicalType": "double"},
            ],
        }
    ],
    "customProperties": [
        {"property": "zone", "value": "curated"},
        {"property": "format", "value": "iceberg"},
    ],
}


def test_a_contract_gives_columns_keys_and_partitions() -> None:
    read = contract.parse(json.dumps(GOOD), "tides.odcs.json")
    assert (read.table, read.zone, read.format, read.version) == ("tides", "curated", "iceberg", "1.2.0")
    assert read.primary_key == ("port", "at")
    assert read.partition_columns == ("port", "day")
    assert read.spark_schema() == "`day` DATE NOT NULL, `at` TIMESTAMP_NTZ, `port` STRING, `height` DOUBLE"


def test_all_problems_are_told_with_the_file() -> None:
    wrong = copy.deepcopy(GOOD)
    wrong["kind"] = "Agreement"
    wrong["customProperties"] = [{"property": "zone", "value": "attic"}]
    columns = wrong["schema"][0]["properties"]
    columns[0]["partitionKeyPosition"] = 7
    columns[3] = {"name": "port", "physicalType": "varchar"}
    with pytest.raises(DeclarationError) as refused:
        contract.parse(json.dumps(wrong), "tides.odcs.json")
    for said in (
        "tides.odcs.json",
        "kind",
        "zone",
        "format",
        "partitionKeyPosition",
        "port is there twice",
        "physicalType",
    ):
        assert said in str(refused.value)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema": []}', '{"schema": [{"name": "x"}]}', "null"])
def test_what_is_no_contract_is_refused(text: str) -> None:
    with pytest.raises(DeclarationError, match="is not a data contract"):
        contract.parse(text, "x.odcs.json")


def test_a_missing_contract_says_where_to_write_it() -> None:
    with pytest.raises(DeclarationError, match=r"write etl/ingest_raw_data/contracts/tides\.odcs\.json"):
        contract.load("etl.ingest_raw_data", "tides")
