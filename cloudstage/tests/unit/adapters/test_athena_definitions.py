"""Named queries, prepared statements and data catalogs can be changed and deleted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cloudstage.adapters import athena_definitions

from .gaps import Adapted, with_and_without


@with_and_without(athena_definitions.named_queries_change_and_go)
def test_a_named_query(client: Callable[[str], Any], adapted: Adapted) -> None:
    athena = client("athena")
    made = athena.create_named_query(Name="q", Database="db", QueryString="SELECT 1")["NamedQueryId"]
    with adapted:
        athena.update_named_query(NamedQueryId=made, Name="q", QueryString="SELECT 2")
        assert athena.get_named_query(NamedQueryId=made)["NamedQuery"]["QueryString"] == "SELECT 2"
        athena.delete_named_query(NamedQueryId=made)
        with pytest.raises(athena.exceptions.ClientError, match="was not found"):
            athena.delete_named_query(NamedQueryId=made)
    assert athena.list_named_queries()["NamedQueryIds"] == []


@with_and_without(athena_definitions.prepared_statements_change_and_go)
def test_a_prepared_statement(client: Callable[[str], Any], adapted: Adapted) -> None:
    athena = client("athena")
    named = {"StatementName": "s", "WorkGroup": "primary"}
    athena.create_prepared_statement(**named, QueryStatement="SELECT 1")
    with adapted:
        athena.update_prepared_statement(**named, QueryStatement="SELECT 2")
        assert athena.get_prepared_statement(**named)["PreparedStatement"]["QueryStatement"] == "SELECT 2"
        athena.delete_prepared_statement(**named)
        with pytest.raises(athena.exceptions.ClientError, match="was not found"):
            athena.update_prepared_statement(**named, QueryStatement="SELECT 3")


@with_and_without(athena_definitions.data_catalogs_change_and_go)
def test_a_data_catalog(client: Callable[[str], Any], adapted: Adapted) -> None:
    athena = client("athena")
    parameters = {"catalog-id": "123456789012"}
    athena.create_data_catalog(Name="other", Type="GLUE", Description="Before", Parameters=parameters)
    with adapted:
        athena.update_data_catalog(Name="other", Type="GLUE", Description="After", Parameters=parameters)
        assert athena.get_data_catalog(Name="other")["DataCatalog"]["Description"] == "After"
        athena.delete_data_catalog(Name="other")
    assert "other" not in [each["CatalogName"] for each in athena.list_data_catalogs()["DataCatalogsSummary"]]
