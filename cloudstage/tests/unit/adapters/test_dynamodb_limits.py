"""A table's limit is described."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cloudstage.adapters import dynamodb_limits

from .gaps import Adapted, with_and_without


@with_and_without(dynamodb_limits.on_demand_limits_are_kept)
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
