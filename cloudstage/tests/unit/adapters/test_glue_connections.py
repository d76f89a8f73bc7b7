"""Connections are described as they were created, changed and deleted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cloudstage.adapters import glue_connections

from .gaps import Adapted, with_and_without

GIVEN = {
    "Name": "warehouse",
    "ConnectionType": "JDBC",
    "ConnectionProperties": {"JDBC_CONNECTION_URL": "jdbc:postgresql://db/shop"},
}


@with_and_without(glue_connections.connections_come_back_as_given)
def test_a_connection_has_its_type(client: Callable[[str], Any], adapted: Adapted) -> None:
    glue = client("glue")
    glue.create_connection(ConnectionInput=GIVEN)
    with adapted:
        assert glue.get_connection(Name="warehouse")["Connection"]["ConnectionType"] == "JDBC"


@with_and_without(glue_connections.connections_change_and_go)
def test_a_connection_is_changed_and_deleted(client: Callable[[str], Any], adapted: Adapted) -> None:
    glue = client("glue")
    glue.create_connection(ConnectionInput=GIVEN)
    with adapted:
        changed = GIVEN | {"Description": "Changed", "ConnectionProperties": {"USERNAME": "etl"}}
        glue.update_connection(Name="warehouse", ConnectionInput=changed)
        connection = glue.get_connection(Name="warehouse")["Connection"]
        assert connection["Description"] == "Changed"
        assert connection["ConnectionProperties"] == {"USERNAME": "etl"}
        glue.delete_connection(ConnectionName="warehouse")
        with pytest.raises(glue.exceptions.EntityNotFoundException):
            glue.delete_connection(ConnectionName="warehouse")
