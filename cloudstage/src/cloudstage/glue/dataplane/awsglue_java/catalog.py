"""The Glue Data Catalog: tables of files, as jobs read and change them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import boto3
from pyspark.sql.types import StructType

from .refusal import NotPartOfCloudstageError

_HIVE = "org.apache.hadoop.hive"
_TEXT = {
    "InputFormat": "org.apache.hadoop.mapred.TextInputFormat",
    "OutputFormat": f"{_HIVE}.ql.io.HiveIgnoreKeyTextOutputFormat",
}
_STORAGE: dict[str, tuple[str, dict[str, str]]] = {
    "csv": (f"{_HIVE}.serde2.lazy.LazySimpleSerDe", _TEXT),
    "json": ("org.openx.data.jsonserde.JsonSerDe", _TEXT),
    "orc": (
        f"{_HIVE}.ql.io.orc.OrcSerde",
        {
            "InputFormat": f"{_HIVE}.ql.io.orc.OrcInputFormat",
            "OutputFormat": f"{_HIVE}.ql.io.orc.OrcOutputFormat",
        },
    ),
    "parquet": (
        f"{_HIVE}.ql.io.parquet.serde.ParquetHiveSerDe",
        {
            "InputFormat": f"{_HIVE}.ql.io.parquet.MapredParquetInputFormat",
            "OutputFormat": f"{_HIVE}.ql.io.parquet.MapredParquetOutputFormat",
        },
    ),
}
_AT_ONCE = 100


@dataclass(frozen=True)
class Partition:
    """One partition: its values as text, and where its files are."""

    values: tuple[str, ...]
    location: str


@dataclass(frozen=True)
class NewTable:
    """A table as it was just written: where, in which format, of which types, partitioned by which columns."""

    database: str
    name: str
    location: str
    format: str
    kind: StructType
    keys: Sequence[str]

    def table_input(self) -> dict[str, Any]:
        """The table as the Glue API takes it; names are in lower case there."""
        library, formats = _STORAGE[self.format]
        described = [{"Name": each.name.lower(), "Type": each.dataType.simpleString()} for each in self.kind]
        keys = [key.lower() for key in self.keys]
        return {
            "Name": self.name,
            "TableType": "EXTERNAL_TABLE",
            "Parameters": {"EXTERNAL": "TRUE", "classification": self.format},
            "PartitionKeys": [each for key in keys for each in described if each["Name"] == key],
            "StorageDescriptor": {
                "Columns": [each for each in described if each["Name"] not in keys],
                "Location": self.location,
                **formats,
                "SerdeInfo": {"SerializationLibrary": library, "Parameters": {"serialization.format": "1"}},
            },
        }


class Table:
    """A table that is kept in files."""

    def __init__(self, described: dict[str, Any]) -> None:
        self.database: str = described["DatabaseName"]
        self.name: str = described["Name"]
        self.described = described
        self._storage: dict[str, Any] = described.get("StorageDescriptor", {})
        self.location: str = self._storage.get("Location", "").rstrip("/") + "/"

    @property
    def columns(self) -> list[tuple[str, str]]:
        """Name and type of each column in the files."""
        return [(each["Name"], each.get("Type", "string")) for each in self._storage.get("Columns", [])]

    @property
    def partition_keys(self) -> list[tuple[str, str]]:
        """Name and type of each column that partitions the table."""
        return [
            (each["Name"], each.get("Type", "string")) for each in self.described.get("PartitionKeys", [])
        ]

    @property
    def parameters(self) -> dict[str, str]:
        """The table's properties, and over them those of its format."""
        serde = self._storage.get("SerdeInfo", {}).get("Parameters") or {}
        return {**(self.described.get("Parameters") or {}), **serde}

    @property
    def format(self) -> str:
        """What the files are: csv, json, orc or parquet.

        Raises:
            NotPartOfCloudstageError: they are something else, or the table is Iceberg's.
        """
        if self.parameters.get("table_type", "").upper() == "ICEBERG":
            raise NotPartOfCloudstageError(
                f"reading of the Iceberg table {self.database}.{self.name}",
                "read and write it as glue_catalog.<database>.<table> with spark.table and writeTo",
            )
        library = self._storage.get("SerdeInfo", {}).get("SerializationLibrary", "").lower()
        named = self.parameters.get("classification", "").lower()
        for name, sign in (("parquet", "parquet"), ("orc", "orc"), ("json", "json"), ("csv", "csv")):
            if sign in library or named in (name, f"glue{name}"):
                return name
        if "lazysimple" in library:
            return "csv"
        raise NotPartOfCloudstageError(f"format {library or named!r} of {self.database}.{self.name}")


class Catalog:
    """The catalog of this account."""

    def __init__(self) -> None:
        self._glue = boto3.client("glue")

    def table(self, database: str, name: str) -> Table:
        """A table; the error of the Glue API if there is none."""
        return Table(self._glue.get_table(DatabaseName=database, Name=name)["Table"])

    def find(self, database: str, name: str) -> Table | None:
        """A table, or None."""
        try:
            return self.table(database, name)
        except self._glue.exceptions.EntityNotFoundException:
            return None

    def partitions(self, table: Table, expression: str) -> list[Partition]:
        """The partitions of a table that fulfil an expression; all of them if it is empty."""
        wanted = {"Expression": expression} if expression else {}
        pages = self._glue.get_paginator("get_partitions").paginate(
            DatabaseName=table.database, TableName=table.name, **wanted
        )
        return [
            Partition(tuple(each["Values"]), each["StorageDescriptor"]["Location"])
            for page in pages
            for each in page["Partitions"]
        ]

    def save(self, new: NewTable) -> Table:
        """Create a table, or bring the columns of one up to date; the table then."""
        table_input = new.table_input()
        found = self.find(new.database, new.name)
        if found is None:
            self._glue.create_table(DatabaseName=new.database, TableInput=table_input)
        else:
            table_input["Parameters"] = {
                **(found.described.get("Parameters") or {}),
                **table_input["Parameters"],
            }
            self._glue.update_table(DatabaseName=new.database, TableInput=table_input)
        return self.table(new.database, new.name)

    def add_partitions(self, table: Table, values: Sequence[tuple[str, ...]]) -> None:
        """Add the partitions that the table does not have yet."""
        names = [name for name, _ in table.partition_keys]
        inputs = [
            {
                "Values": list(each),
                "StorageDescriptor": {
                    **table.described["StorageDescriptor"],
                    "Location": table.location + "/".join(map("=".join, zip(names, each, strict=True))) + "/",
                },
            }
            for each in values
        ]
        for start in range(0, len(inputs), _AT_ONCE):
            # What is there already is among the errors of the answer; nothing has to be done about it.
            self._glue.batch_create_partition(
                DatabaseName=table.database,
                TableName=table.name,
                PartitionInputList=inputs[start : start + _AT_ONCE],
            )
