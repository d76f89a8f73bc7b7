"""The operations that show the Glue catalog as Athena's: databases and tables of AwsDataCatalog."""

from __future__ import annotations

import re
from typing import Any

from moto.athena.models import AthenaBackend

from cloudstage.athena.errors import InvalidRequest
from cloudstage.athena.protocol import Parameters, page
from cloudstage.athena.services import Services
from cloudstage.athena.tables.catalog import CATALOG, GlueColumn, GlueTable

_MOST = 50


class CatalogOperations:
    """The operations of the catalog; moto's know only what was made by SQL."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def list_databases(self, backend: AthenaBackend, request: Parameters) -> dict[str, Any]:
        """All databases."""
        del backend
        _refuse_others(request)
        listed = [_database(each) for each in self._services.catalog.databases()]
        return page("DatabaseList", listed, request, _MOST)

    def get_database(self, backend: AthenaBackend, request: Parameters) -> dict[str, Any]:
        """One database."""
        del backend
        _refuse_others(request)
        database = self._services.catalog.database(request["DatabaseName"].lower())
        if database is None:
            raise _not_found(f"Database {request['DatabaseName']} not found.")
        return {"Database": _database(database)}

    def list_table_metadata(self, backend: AthenaBackend, request: Parameters) -> dict[str, Any]:
        """The tables of a database, those whose names match an expression."""
        self.get_database(backend, request)
        wanted = re.compile(request.get("Expression") or ".*", re.IGNORECASE)
        tables = self._services.catalog.tables(request["DatabaseName"].lower())
        listed = [_table(table) for table in tables if wanted.fullmatch(table.name)]
        return page("TableMetadataList", listed, request, _MOST)

    def get_table_metadata(self, backend: AthenaBackend, request: Parameters) -> dict[str, Any]:
        """One table."""
        del backend
        _refuse_others(request)
        table = self._services.catalog.table(request["DatabaseName"].lower(), request["TableName"].lower())
        if table is None:
            raise _not_found(f"Table {request['TableName']} not found.")
        return {"TableMetadata": _table(table)}


def _refuse_others(request: Parameters) -> None:
    if request["CatalogName"].lower() != CATALOG:
        raise InvalidRequest(f"A cloudstage has no data catalog {request['CatalogName']} to list")


def _not_found(message: str) -> InvalidRequest:
    return InvalidRequest(f"EntityNotFoundException: {message}", exception="MetadataException")


def _database(database: dict[str, Any]) -> dict[str, Any]:
    given = {name: database.get(name) for name in ("Name", "Description", "Parameters")}
    return {name: value for name, value in given.items() if value}


def _table(table: GlueTable) -> dict[str, Any]:
    created = table.definition.get("CreateTime")
    return {
        "Name": table.name,
        "CreateTime": created.timestamp() if created else 0,
        "TableType": table.definition.get("TableType") or "",
        "Columns": [_column(each) for each in table.columns],
        "PartitionKeys": [_column(each) for each in table.partition_columns],
        "Parameters": table.parameters | {"location": table.location},
    }


def _column(column: GlueColumn) -> dict[str, str]:
    described = {"Name": column.name, "Type": column.type, "Comment": column.comment}
    return {name: value for name, value in described.items() if value}
