"""Data contracts of tables: the Open Data Contract Standard v3, as JSON.

A table's contract is ``contracts/<table>.odcs.json`` in the directory of the job that writes it. The
standard: https://bitol-io.github.io/open-data-contract-standard/latest/. Of our own are the custom
properties ``zone`` (curated, quarantine) and ``format`` (iceberg, json); ``physicalType`` is the name
Athena has for the type.
"""

import importlib.resources
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dst.errors import DeclarationError

SPARK_TYPES = {
    "boolean": "BOOLEAN",
    "int": "INT",
    "bigint": "BIGINT",
    "double": "DOUBLE",
    "string": "STRING",
    "date": "DATE",
    "timestamp": "TIMESTAMP_NTZ",
}
"""Athena's name of a type to Spark's. Timestamps are in UTC, so the tables hold them without a zone."""

_ZONES = ("curated", "quarantine")
_FORMATS = ("iceberg", "json")


@dataclass(frozen=True)
class Column:
    """A column; `type` is Athena's name, `partition_position` counts from 1, None if it is no partition."""

    name: str
    type: str
    description: str
    required: bool
    partition_position: int | None


@dataclass(frozen=True)
class Contract:
    """What a table promises.

    Attributes:
        table: its name in the catalog.
        columns: in their order.
        primary_key: columns that identify a row, in their order.
        zone: where its data lives.
        format: ``iceberg``, or ``json`` for JSON lines that any writer can add to.
    """

    table: str
    description: str
    version: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...]
    zone: str
    format: str

    @property
    def partition_columns(self) -> tuple[str, ...]:
        """Names of the partition columns, coarsest first."""
        partitioned = [column for column in self.columns if column.partition_position is not None]
        return tuple(
            column.name for column in sorted(partitioned, key=lambda column: column.partition_position or 0)
        )

    def spark_schema(self) -> str:
        """The columns as Spark's DDL text, nullable where the contract does not require a value."""
        return ", ".join(
            f"`{column.name}` {SPARK_TYPES[column.type]}{' NOT NULL' if column.required else ''}"
            for column in self.columns
        )


def load(package: str, table: str) -> Contract:
    """Read a table's contract from a job's package, be it a directory or a zip.

    Raises:
        DeclarationError: there is none, or it is wrong.
    """
    path = importlib.resources.files(package).joinpath("contracts", f"{table}.odcs.json")
    origin = f"{package.replace('.', '/')}/contracts/{table}.odcs.json"
    try:
        return parse(path.read_text(encoding="utf-8"), origin)
    except FileNotFoundError:
        raise DeclarationError(f"the table {table} has no contract; write {origin}") from None


def parse(text: str, origin: str) -> Contract:
    """Read a contract.

    Args:
        text: the JSON document.
        origin: its name in messages.

    Raises:
        DeclarationError: it is not JSON or lacks what a table needs; all problems are named.
    """
    try:
        document = json.loads(text)
        described = document["schema"][0]
        properties = described["properties"]
        own = {each["property"]: each["value"] for each in document.get("customProperties", [])}
        problems = [*_table_problems(document, own), *_column_problems(properties)]
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise DeclarationError(f"{origin} is not a data contract: {type(error).__name__}: {error}") from None
    if problems:
        raise DeclarationError(f"{origin}: {'; '.join(problems)}")
    keys = sorted((each["primaryKeyPosition"], each["name"]) for each in properties if each.get("primaryKey"))
    return Contract(
        table=described.get("physicalName", described["name"]),
        description=described.get("description", ""),
        version=document["version"],
        columns=tuple(_column(each) for each in properties),
        primary_key=tuple(name for _, name in keys),
        zone=own["zone"],
        format=own["format"],
    )


def _column(declared: Mapping[str, Any]) -> Column:
    return Column(
        name=declared["name"],
        type=declared["physicalType"],
        description=declared.get("description", ""),
        required=declared.get("required", False),
        partition_position=declared["partitionKeyPosition"] if declared.get("partitioned") else None,
    )


def _table_problems(document: Mapping[str, Any], own: Mapping[str, Any]) -> list[str]:
    problems = []
    if document.get("kind") != "DataContract" or not str(document.get("apiVersion", "")).startswith("v3."):
        problems.append("kind must be DataContract and apiVersion v3.…")
    if len(document["schema"]) != 1:
        problems.append("one contract describes one table")
    if own.get("zone") not in _ZONES:
        problems.append(f"custom property zone must be one of {', '.join(_ZONES)}")
    if own.get("format") not in _FORMATS:
        problems.append(f"custom property format must be one of {', '.join(_FORMATS)}")
    return problems


def _column_problems(properties: list[Mapping[str, Any]]) -> list[str]:
    problems = [
        f"column {each['name']}: physicalType must be one of {', '.join(SPARK_TYPES)}"
        for each in properties
        if each.get("physicalType") not in SPARK_TYPES
    ]
    names = [each["name"] for each in properties]
    problems += [f"column {name} is there twice" for name in sorted({n for n in names if names.count(n) > 1})]
    for flag, position in (("partitioned", "partitionKeyPosition"), ("primaryKey", "primaryKeyPosition")):
        positions = sorted(each.get(position, -1) for each in properties if each.get(flag))
        if positions != list(range(1, len(positions) + 1)):
            problems.append(f"{position} must count 1, 2, … over the columns with {flag}")
    return problems
