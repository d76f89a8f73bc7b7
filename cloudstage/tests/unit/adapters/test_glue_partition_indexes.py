"""Tables have partition indexes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cloudstage.adapters import glue_partition_indexes

from .gaps import Adapted, with_and_without

TABLE = {"DatabaseName": "lake", "TableName": "orders"}


@with_and_without(glue_partition_indexes.partition_indexes)
def test_an_index_is_created_read_and_deleted(client: Callable[[str], Any], adapted: Adapted) -> None:
    glue = client("glue")
    glue.create_database(DatabaseInput={"Name": "lake"})
    keys = [{"Name": "day", "Type": "date"}, {"Name": "country", "Type": "string"}]
    with adapted:
        glue.create_table(
            DatabaseName="lake",
            TableInput={"Name": "orders", "PartitionKeys": keys},
            PartitionIndexes=[{"IndexName": "by_country", "Keys": ["country"]}],
        )
        by_day = {"IndexName": "by_day", "Keys": ["day"]}
        glue.create_partition_index(**TABLE, PartitionIndex=by_day)
        with pytest.raises(glue.exceptions.AlreadyExistsException):
            glue.create_partition_index(**TABLE, PartitionIndex=by_day)
        indexes = glue.get_partition_indexes(**TABLE)["PartitionIndexDescriptorList"]
        assert [(each["IndexName"], each["Keys"], each["IndexStatus"]) for each in indexes] == [
            ("by_country", keys[1:], "ACTIVE"),
            ("by_day", keys[:1], "ACTIVE"),
        ]
        glue.delete_partition_index(**TABLE, IndexName="by_country")
        with pytest.raises(glue.exceptions.EntityNotFoundException):
            glue.delete_partition_index(**TABLE, IndexName="by_country")
