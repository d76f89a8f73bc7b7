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


@with_and_without(dynamodb_tables.on_demand_limits_are_kept)
def test_a_limit_is_kept(client: Callable[[str], Any], adapted: Adapted) -> None:
    dynamodb = client("dynamodb")
    with adapted:
        dynamodb.create_table(
            TableName="t",
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            OnDemandThroughput={"MaxReadRequestUnits": 10, "MaxWriteRequestUnits": 5},
        )
        limit = dynamodb.describe_table(TableName="t")["Table"]["OnDemandThroughput"]
        assert limit == {"MaxReadRequestUnits": 10, "MaxWriteRequestUnits": 5}
        dynamodb.update_table(TableName="t", OnDemandThroughput={"MaxReadRequestUnits": 20})
        limit = dynamodb.describe_table(TableName="t")["Table"]["OnDemandThroughput"]
        assert limit == {"MaxReadRequestUnits": 20}
