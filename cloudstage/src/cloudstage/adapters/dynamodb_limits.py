"""A gap in how moto's DynamoDB describes tables."""

from __future__ import annotations

from typing import Any

from moto.dynamodb.models.table import Table
from moto.dynamodb.responses import DynamoHandler

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch

LIMIT = "OnDemandThroughput"


@adapter
def on_demand_limits_are_kept(patch: Patch) -> None:
    """A table that is paid per request may have a limit, which DescribeTable returns. It limits nothing here.

    moto 5.2.5 does not keep it, so that Terraform wants to set it in each plan.
    """
    create, update, describe = DynamoHandler.create_table, DynamoHandler.update_table, Table.describe

    def create_table(self: DynamoHandler) -> Any:
        answer = create(self)
        _keep(self)
        return answer

    def update_table(self: DynamoHandler) -> Any:
        answer = update(self)
        _keep(self)
        return answer

    def describe_table(self: Table, base_key: str = "TableDescription") -> dict[str, Any]:
        described = describe(self, base_key)
        if limit := vars(self).get("on_demand_throughput"):
            described[base_key][LIMIT] = limit
        return described

    patch.replace(DynamoHandler, "create_table", create_table)
    patch.replace(DynamoHandler, "update_table", update_table)
    patch.replace(Table, "describe", describe_table)


def _keep(response: DynamoHandler) -> None:
    if given := response.body.get(LIMIT):
        vars(response.dynamodb_backend.get_table(response.body["TableName"]))["on_demand_throughput"] = given
