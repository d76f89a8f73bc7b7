"""Gaps in how moto's Kinesis names places in a stream.

Source: "GetShardIterator" in the Kinesis Data Streams API reference, and the service's answers.
"""

from __future__ import annotations

import base64
import secrets
from typing import Any

from moto.kinesis import models, utils
from moto.kinesis.models import Consumer, Record, Shard

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch

FIRST_NUMBER = 495 * 10**53
"""All numbers of records have 56 digits and begin with these."""


@adapter
def sequence_numbers_are_long(patch: Patch) -> None:
    """Sequence numbers have 56 digits, and a shard has its first one before it has a record.

    moto 5.2.5 counts 1, 2, 3 in every shard: who keeps them in a number of 64 bits or without the shard notices it
    on AWS alone.
    """
    create = Shard.__init__

    def initialise(self: Shard, *args: Any, **kwargs: Any) -> None:
        create(self, *args, **kwargs)
        vars(self)["first_number"] = FIRST_NUMBER + secrets.randbelow(10**52)

    def put_record(self: Shard, partition_key: str, data: str, explicit_hash_key: str) -> str:
        number = self.get_max_sequence_number() + 1
        self.records[number] = Record(partition_key, data, number, explicit_hash_key)
        return str(number)

    def get_min_sequence_number(self: Shard) -> int:
        return int(vars(self).get("first_number") or next(iter(self.records), 0))

    def get_max_sequence_number(self: Shard) -> int:
        return next(reversed(self.records), None) or self.get_min_sequence_number()

    patch.replace(Shard, "__init__", initialise)
    patch.replace(Shard, "put_record", put_record)
    patch.replace(Shard, "get_min_sequence_number", get_min_sequence_number)
    patch.replace(Shard, "get_max_sequence_number", get_max_sequence_number)


@adapter
def shard_iterators_differ(patch: Patch) -> None:
    """No two shard iterators are the same, and none has a line break.

    moto 5.2.5 gives the same one again while no record arrives, with a line break at its end.
    """
    decompose = utils.decompose_shard_iterator

    def compose_shard_iterator(stream_name: str | None, shard: Any, last_sequence_id: int) -> str:
        place = f"{stream_name}:{shard.shard_id}:{last_sequence_id}:{secrets.token_hex(8)}"
        return base64.b64encode(place.encode()).decode()

    def decompose_shard_iterator(shard_iterator: str) -> list[str]:
        return decompose(shard_iterator)[:3]

    for module in (utils, models):
        patch.replace(module, "compose_shard_iterator", compose_shard_iterator)
    patch.replace(models, "decompose_shard_iterator", decompose_shard_iterator)


@adapter
def consumers_are_told_apart(patch: Patch) -> None:
    """The ARN of a consumer ends with the time of its registration.

    moto 5.2.5 gives a consumer that is registered again the ARN of the one before.
    """
    create = Consumer.__init__

    def initialise(self: Consumer, *args: Any, **kwargs: Any) -> None:
        create(self, *args, **kwargs)
        self.consumer_arn += f":{int(self.created.timestamp())}"

    patch.replace(Consumer, "__init__", initialise)
