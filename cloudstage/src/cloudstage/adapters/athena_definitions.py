"""Gaps in moto's definitions for Athena: named queries, prepared statements and data catalogs.

moto 5.2.5 can create and read them, not change or delete them: Terraform fails when it destroys one.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from moto.athena.models import AthenaBackend
from moto.athena.responses import AthenaResponse

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch

Collection = Callable[[AthenaBackend], dict[str, Any]]


@adapter
def named_queries_change_and_go(patch: Patch) -> None:
    """UpdateNamedQuery and DeleteNamedQuery, which moto 5.2.5 does not have."""
    fields = {"Name": "name", "Description": "description", "QueryString": "query_string"}
    _add(patch, "named_query", lambda backend: backend.named_queries, "NamedQueryId", fields)


@adapter
def prepared_statements_change_and_go(patch: Patch) -> None:
    """UpdatePreparedStatement and DeletePreparedStatement, which moto 5.2.5 does not have."""
    fields = {"QueryStatement": "query_statement", "Description": "description"}
    _add(patch, "prepared_statement", lambda backend: backend.prepared_statements, "StatementName", fields)


@adapter
def data_catalogs_change_and_go(patch: Patch) -> None:
    """UpdateDataCatalog and DeleteDataCatalog, which moto 5.2.5 does not have."""
    fields = {"Type": "type", "Description": "description", "Parameters": "parameters"}
    _add(patch, "data_catalog", lambda backend: backend.data_catalogs, "Name", fields)


def _add(patch: Patch, what: str, collection: Collection, key: str, fields: dict[str, str]) -> None:
    """Add an operation to update, by ``fields`` of the request and attributes for them, and one to delete."""

    def update(self: AthenaResponse) -> Any:
        request: dict[str, Any] = json.loads(self.body)
        found = collection(self.athena_backend).get(request[key])
        if found is None:
            return self.error(f"{what} {request[key]} was not found", 400)
        for field in request.keys() & fields:
            setattr(found, fields[field], request[field])
        return "{}"

    def delete(self: AthenaResponse) -> Any:
        name = json.loads(self.body)[key]
        if collection(self.athena_backend).pop(name, None) is None:
            return self.error(f"{what} {name} was not found", 400)
        return "{}"

    patch.replace(AthenaResponse, f"update_{what}", update)
    patch.replace(AthenaResponse, f"delete_{what}", delete)
