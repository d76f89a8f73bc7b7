"""Places in a stream are named as on AWS."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cloudstage.adapters import kinesis_positions

from .gaps import Adapted, with_and_without


@pytest.fixture
def streams(client: Callable[[str], Any]) -> Any:
    """A client of Kinesis."""
    return client("kinesis")


def read(streams: Any, kind: str, **where: str) -> list[bytes]:
    iterator = streams.get_shard_iterator(
        StreamName="s", ShardId="shardId-000000000000", ShardIteratorType=kind, **where
    )["ShardIterator"]
    return [record["Data"] for record in streams.get_records(ShardIterator=iterator)["Records"]]


@with_and_without(kinesis_positions.sequence_numbers_are_long)
def test_records_have_long_numbers_in_their_order(streams: Any, adapted: Adapted) -> None:
    with adapted:
        streams.create_stream(StreamName="s", ShardCount=1)
        assert read(streams, "LATEST") == []
        numbers = [
            streams.put_record(StreamName="s", Data=data, PartitionKey="k")["SequenceNumber"]
            for data in (b"1", b"2", b"3")
        ]
        assert read(streams, "TRIM_HORIZON") == [b"1", b"2", b"3"]
        assert read(streams, "AT_SEQUENCE_NUMBER", StartingSequenceNumber=numbers[1]) == [b"2", b"3"]
        assert read(streams, "AFTER_SEQUENCE_NUMBER", StartingSequenceNumber=numbers[1]) == [b"3"]
    assert numbers == sorted(set(numbers))
    assert {len(number) for number in numbers} == {56}


@with_and_without(kinesis_positions.sequence_numbers_are_long)
def test_an_empty_shard_has_a_first_number_of_its_own(streams: Any, adapted: Adapted) -> None:
    with adapted:
        streams.create_stream(StreamName="s", ShardCount=2)
        shards = streams.list_shards(StreamName="s")["Shards"]
        first, second = (shard["SequenceNumberRange"]["StartingSequenceNumber"] for shard in shards)
        streams.put_record(StreamName="s", Data=b"1", PartitionKey="k", ExplicitHashKey="0")
        assert read(streams, "AT_SEQUENCE_NUMBER", StartingSequenceNumber=first) == [b"1"]
    assert first != second
    assert len(first) == len(second) == 56


@with_and_without(kinesis_positions.shard_iterators_differ)
def test_an_iterator_is_never_given_twice(streams: Any, adapted: Adapted) -> None:
    with adapted:
        streams.create_stream(StreamName="s", ShardCount=1)
        iterator = streams.get_shard_iterator(
            StreamName="s", ShardId="shardId-000000000000", ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        following = streams.get_records(ShardIterator=iterator)["NextShardIterator"]
        streams.put_record(StreamName="s", Data=b"1", PartitionKey="k")
        records = streams.get_records(ShardIterator=following)["Records"]
    assert [record["Data"] for record in records] == [b"1"]
    assert following != iterator
    assert "\n" not in iterator + following


@with_and_without(kinesis_positions.consumers_are_told_apart)
def test_the_arn_of_a_consumer_has_its_time(streams: Any, adapted: Adapted) -> None:
    with adapted:
        streams.create_stream(StreamName="s", ShardCount=1)
        arn = streams.describe_stream_summary(StreamName="s")["StreamDescriptionSummary"]["StreamARN"]
        consumer = streams.register_stream_consumer(StreamARN=arn, ConsumerName="c")["Consumer"]
        described = streams.describe_stream_consumer(ConsumerARN=consumer["ConsumerARN"])
    assert described["ConsumerDescription"]["ConsumerName"] == "c"
    assert consumer["ConsumerARN"].startswith(f"{arn}/consumer/c:")
