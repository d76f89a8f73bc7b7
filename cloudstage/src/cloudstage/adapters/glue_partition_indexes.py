"""A gap in moto's Glue tables: their partition indexes."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.glue.exceptions import AlreadyExistsException, EntityNotFoundException
from moto.glue.responses import GlueResponse

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch


@adapter
def partition_indexes(patch: Patch) -> None:
    """A table's partition indexes are created, with it or later, read and deleted; they make nothing faster.

    moto 5.2.5 can't create or delete any, drops those of CreateTable, and answers that there are none.
    """
    create = GlueResponse.create_table

    def create_table(self: GlueResponse) -> Any:
        answer = create(self)
        database, name = self.parameters["DatabaseName"], self.parameters["TableInput"]["Name"]
        indexes = _indexes(self.glue_backend.get_table(database, name))
        for index in self.parameters.get("PartitionIndexes") or ():
            indexes[index["IndexName"]] = index["Keys"]
        return answer

    def create_partition_index(self: GlueResponse) -> EmptyResult:
        index, indexes = self.parameters["PartitionIndex"], _indexes(_table(self))
        if index["IndexName"] in indexes:
            raise AlreadyExistsException(f"Index {index['IndexName']} already exists.")
        indexes[index["IndexName"]] = index["Keys"]
        return EmptyResult()

    def get_partition_indexes(self: GlueResponse) -> ActionResult:
        table = _table(self)
        keys_of_table = table.as_dict().get("PartitionKeys") or ()
        types = {key["Name"]: key.get("Type", "string") for key in keys_of_table}
        described = [
            {
                "IndexName": name,
                "Keys": [{"Name": key, "Type": types.get(key, "string")} for key in keys],
                "IndexStatus": "ACTIVE",
            }
            for name, keys in _indexes(table).items()
        ]
        return ActionResult({"PartitionIndexDescriptorList": described})

    def delete_partition_index(self: GlueResponse) -> EmptyResult:
        if _indexes(_table(self)).pop(self.parameters["IndexName"], None) is None:
            raise EntityNotFoundException(f"Index {self.parameters['IndexName']} not found.")
        return EmptyResult()

    for operation in (
        create_table,
        create_partition_index,
        get_partition_indexes,
        delete_partition_index,
    ):
        patch.replace(GlueResponse, operation.__name__, operation)


def _table(response: GlueResponse) -> Any:
    return response.glue_backend.get_table(
        response.parameters["DatabaseName"], response.parameters["TableName"]
    )


def _indexes(table: Any) -> dict[str, list[str]]:
    """The keys of a table's indexes by their names; they are saved with the table."""
    indexes: dict[str, list[str]] = vars(table).setdefault("partition_indexes", {})
    return indexes
