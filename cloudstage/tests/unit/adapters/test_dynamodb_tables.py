"""Tables are described as on AWS."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cloudstage.adapters import dynamodb_tables

from .gaps import Adapted, with_and_without


@with_and_without(dynamodb_tables.tables_have_ids)
def test_a_table_has_an_id_and_nothing_empty(client: Callable[[str], Any], adapted: Adapted) -> None:
    tables = client("dynamodb")
    with adapted:
        created = tables.create_table(
            TableName="t",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )["TableDescription"]
        described = tables.describe_table(TableName="t")["Table"]
    assert described["TableId"] == created["TableId"]
    assert not {"GlobalSecondaryIndexes", "LocalSecondaryIndexes"} & (created.keys() | described.keys())
    assert "WarmThroughput" not in created
    assert created["BillingModeSummary"] == {"BillingMode": "PAY_PER_REQUEST"}
    assert (
        described["BillingModeSummary"]["LastUpdateToPayPerRequestDateTime"] == described["CreationDateTime"]
    )
