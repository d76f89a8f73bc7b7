"""Every contract of every job: true to the standard, and true to what the code does."""

from __future__ import annotations

import importlib.resources
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from open_data_contract_standard.model import OpenDataContractStandard

from dst import contract
from etl.ingest_raw_data.reasons import ReasonCode
from etl.register_raw_data.arrivals import Arrival
from ops.project import ROOT

CONTRACTS = sorted((ROOT / "etl").glob("*/contracts/*.odcs.json"))
JOBS = sorted((ROOT / "etl").glob("*/job.json"))
STANDARD = json.loads((importlib.resources.files("open_data_contract_standard") / "schema.json").read_text())


def named(path: Path) -> str:
    return path.relative_to(ROOT / "etl").as_posix()


def properties(path: Path) -> dict[str, dict[str, Any]]:
    declared = json.loads(path.read_text())["schema"][0]["properties"]
    return {each["name"]: each for each in declared}


@pytest.mark.parametrize("path", CONTRACTS, ids=named)
def test_it_follows_the_standard(path: Path) -> None:
    Draft202012Validator(STANDARD).validate(json.loads(path.read_text()))
    assert OpenDataContractStandard.from_file(str(path)).kind == "DataContract"


@pytest.mark.parametrize("path", CONTRACTS, ids=named)
def test_it_is_named_as_its_table_and_can_be_read(path: Path) -> None:
    read = contract.load(f"etl.{path.parents[1].name}", path.name.removesuffix(".odcs.json"))
    assert f"{read.table}.odcs.json" == path.name
    assert read.primary_key or read.format == "json"
    assert set(read.primary_key) <= {column.name for column in read.columns if column.required}


@pytest.mark.parametrize("path", CONTRACTS, ids=named)
def test_every_column_is_described_and_its_logical_type_fits(path: Path) -> None:
    logical = {
        "string": "string", "double": "number", "int": "integer", "bigint": "integer", "boolean": "boolean",
        "timestamp": "timestamp", "date": "date",
    }  # fmt: skip
    for name, column in properties(path).items():
        assert column["description"].endswith("."), name
        assert column["logicalType"] == logical[column["physicalType"]], name


@pytest.mark.parametrize("path", JOBS, ids=named)
def test_a_job_has_a_contract_for_each_table_it_writes_and_no_other(path: Path) -> None:
    written = {
        each.removeprefix("table:") for each in json.loads(path.read_text())["writes"] if "table:" in each
    }
    described = {each.name.removesuffix(".odcs.json") for each in path.parent.glob("contracts/*")}
    assert described == written


@pytest.mark.parametrize("path", JOBS, ids=named)
def test_a_job_declaration_follows_its_schema(path: Path) -> None:
    schema = json.loads((ROOT / "etl/job.schema.json").read_text())
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(json.loads(path.read_text()))


@pytest.mark.parametrize("path", sorted((ROOT / "etl").glob("*/sources/*.json")), ids=named)
def test_a_source_mapping_follows_its_schema(path: Path) -> None:
    schema = json.loads((path.parents[1] / "source.schema.json").read_text())
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(json.loads(path.read_text()))


def test_the_quarantine_promises_the_reasons_that_the_code_gives() -> None:
    path = ROOT / "etl/ingest_raw_data/contracts/observations_quarantine.odcs.json"
    (rule,) = properties(path)["reason_code"]["quality"]
    assert rule["arguments"]["validValues"] == [code.value for code in ReasonCode]


def test_a_recorded_arrival_has_the_columns_of_raw_files() -> None:
    promised = contract.load("etl.register_raw_data", "raw_files")
    stored = [column.name for column in promised.columns if column.partition_position is None]
    assert stored == list(Arrival.__dataclass_fields__)
