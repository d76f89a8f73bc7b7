"""The Glue catalog as Athena sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from botocore.exceptions import ClientError

CATALOG = "awsdatacatalog"
NOT_FOUND = "EntityNotFoundException"


@dataclass(frozen=True)
class GlueColumn:
    """A column and its Hive type, such as ``array<struct<a:int>>``."""

    name: str
    type: str
    comment: str = ""


@dataclass(frozen=True)
class GlueTable:
    """A table of the catalog; ``definition`` is what Glue's GetTable gives."""

    database: str
    name: str
    definition: dict[str, Any]

    @property
    def parameters(self) -> dict[str, str]:
        """The table's parameters."""
        return cast(dict[str, str], self.definition.get("Parameters") or {})

    @property
    def storage(self) -> dict[str, Any]:
        """The StorageDescriptor."""
        return self.definition.get("StorageDescriptor") or {}

    @property
    def location(self) -> str:
        """Where the data is, without a slash at the end."""
        return str(self.storage.get("Location") or "").rstrip("/")

    @property
    def is_iceberg(self) -> bool:
        """Whether it is an Iceberg table."""
        return self.parameters.get("table_type", "").upper() == "ICEBERG"

    @property
    def is_view(self) -> bool:
        """Whether it is a view."""
        return self.definition.get("TableType") == "VIRTUAL_VIEW"

    @property
    def columns(self) -> list[GlueColumn]:
        """The columns without those of partitions."""
        return _columns(self.storage.get("Columns") or [])

    @property
    def partition_columns(self) -> list[GlueColumn]:
        """The columns of Hive partitions."""
        return _columns(self.definition.get("PartitionKeys") or [])


def _columns(described: list[dict[str, Any]]) -> list[GlueColumn]:
    return [
        GlueColumn(column["Name"].lower(), column.get("Type") or "string", column.get("Comment") or "")
        for column in described
        # Iceberg keeps dropped columns in the catalog, marked as not current.
        if (column.get("Parameters") or {}).get("iceberg.field.current", "true") == "true"
    ]


class Catalog:
    """Look-ups in the catalog; ``client`` is a boto3 client of Glue."""

    def __init__(self, client: Any) -> None:
        self.client = client

    def database(self, name: str) -> dict[str, Any] | None:
        """A database, None if there is none."""
        try:
            return cast(dict[str, Any], self.client.get_database(Name=name)["Database"])
        except ClientError as error:
            _raise_unless_missing(error)
            return None

    def table(self, database: str, name: str) -> GlueTable | None:
        """A table, None if there is none."""
        try:
            definition = self.client.get_table(DatabaseName=database, Name=name)["Table"]
        except ClientError as error:
            _raise_unless_missing(error)
            return None
        return GlueTable(database, name, definition)

    def databases(self) -> list[dict[str, Any]]:
        """All databases by name."""
        pages = self.client.get_paginator("get_databases").paginate()
        return sorted(
            (each for page in pages for each in page["DatabaseList"]), key=lambda each: each["Name"]
        )

    def tables(self, database: str) -> list[GlueTable]:
        """All tables of a database by name."""
        pages = self.client.get_paginator("get_tables").paginate(DatabaseName=database)
        found = [GlueTable(database, each["Name"], each) for page in pages for each in page["TableList"]]
        return sorted(found, key=lambda table: table.name)

    def partitions(self, table: GlueTable) -> list[dict[str, Any]]:
        """All partitions of a table by their values."""
        pages = self.client.get_paginator("get_partitions").paginate(
            DatabaseName=table.database, TableName=table.name
        )
        found = [each for page in pages for each in page["Partitions"]]
        return sorted(found, key=lambda partition: list(partition["Values"]))


def _raise_unless_missing(error: ClientError) -> None:
    if error.response["Error"]["Code"] != NOT_FOUND:
        raise error
