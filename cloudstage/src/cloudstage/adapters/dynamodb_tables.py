"""Gaps in how moto's DynamoDB describes tables.

Source: "TableDescription" in the Amazon DynamoDB API reference, and the service's answers.
"""

from __future__ import annotations

import uuid
from typing import Any

from moto.dynamodb.models.table import Table
from moto.dynamodb.responses import DynamoHandler

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch

LIMIT = "OnDemandThroughput"
INDEXES = ("GlobalSecondaryIndexes", "LocalSecondaryIndexes")


@adapter
def tables_have_ids(patch: Patch) -> None:
    """A table has an id, no empty lists of indexes, and no throughput yet in the answer that creates it.

    moto 5.2.5 lacks the id, and answers with the rest.
    """
    describe = Table.describe
    create = DynamoHandler.create_table

    def describe_table(self: Table, base_key: str = "TableDescription") -> dict[str, Any]:
        described = describe(self, base_key)
        table = described[base_key]
        for name in INDEXES:
            if not table.get(name):
                table.pop(name, None)
        table["TableId"] = vars(self).setdefault("table_id", str(uuid.uuid4()))
        if self.billing_mode == "PAY_PER_REQUEST":
            since = {"LastUpdateToPayPerRequestDateTime": self.created_at}
            table["BillingModeSummary"] = table["BillingModeSummary"] | since
        return described

    def create_table(self: DynamoHandler) -> Any:
        answer: Any = create(self)
        created = answer.result["TableDescription"]
        created.pop("WarmThroughput", None)
        created["BillingModeSummary"] = {"BillingMode": created["BillingModeSummary"]["BillingMode"]}
        return answer

    patch.replace(Table, "describe", describe_table)
    patch.replace(DynamoHandler, "create_table", create_table)


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
