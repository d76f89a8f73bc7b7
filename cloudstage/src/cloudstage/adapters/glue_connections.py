"""Gaps in moto's Glue connections, as Terraform finds them."""

from __future__ import annotations

from typing import Any

from moto.core.responses import EmptyResult
from moto.core.utils import utcnow
from moto.glue.exceptions import EntityNotFoundException
from moto.glue.models import FakeConnection
from moto.glue.responses import GlueResponse

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch

# What moto keeps beside the definition, and where.
_PROPERTIES = {
    "ConnectionProperties": "connection_properties",
    "SparkProperties": "spark_properties",
    "AthenaProperties": "athena_properties",
    "PythonProperties": "python_properties",
}
_AS_GIVEN = ("ConnectionType", "MatchCriteria", "AuthenticationConfiguration")


@adapter
def connections_come_back_as_given(patch: Patch) -> None:
    """GetConnection names the type of a connection and what it matches.

    moto 5.2.5 leaves the type out, so that Terraform wants to set it in each plan.
    """
    original = FakeConnection.as_dict

    def as_dict(self: FakeConnection, hide_password: bool = False) -> dict[str, Any]:
        given = {name: self.connection_input[name] for name in _AS_GIVEN if name in self.connection_input}
        return original(self, hide_password) | given

    patch.replace(FakeConnection, "as_dict", as_dict)


@adapter
def connections_change_and_go(patch: Patch) -> None:
    """UpdateConnection and DeleteConnection, which moto 5.2.5 does not have."""

    def update_connection(self: GlueResponse) -> EmptyResult:
        connection = _named(self, self.parameters["Name"])
        connection.connection_input = self.parameters["ConnectionInput"]
        connection.description = connection.connection_input.get("Description")
        for field, attribute in _PROPERTIES.items():
            setattr(connection, attribute, connection.connection_input.get(field, {}))
        connection.updated_time = utcnow()
        return EmptyResult()

    def delete_connection(self: GlueResponse) -> EmptyResult:
        name = self.parameters["ConnectionName"]
        _named(self, name)
        del self.glue_backend.connections[name]
        return EmptyResult()

    patch.replace(GlueResponse, "update_connection", update_connection)
    patch.replace(GlueResponse, "delete_connection", delete_connection)


def _named(response: GlueResponse, name: str) -> FakeConnection:
    connection = response.glue_backend.connections.get(name)
    if connection is None:
        raise EntityNotFoundException(f"Connection {name} not found.")
    return connection
