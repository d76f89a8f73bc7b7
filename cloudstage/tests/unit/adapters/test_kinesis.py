"""Streams, with moto as it is and with the adapter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cloudstage.adapters import kinesis

from .gaps import Adapted, with_and_without


@with_and_without(kinesis.streams_need_no_shard_count)
def test_a_stream_has_four_shards_at_first(client: Callable[[str], Any], adapted: Adapted) -> None:
    streams = client("kinesis")
    with adapted:
        streams.create_stream(StreamName="events")
    assert len(streams.list_shards(StreamName="events")["Shards"]) == 4


@with_and_without(kinesis.streams_are_tagged_when_they_are_created)
def test_a_stream_has_the_tags_it_was_created_with(client: Callable[[str], Any], adapted: Adapted) -> None:
    streams = client("kinesis")
    with adapted:
        streams.create_stream(StreamName="clicks", ShardCount=1, Tags={"Team": "data"})
    tags = streams.list_tags_for_stream(StreamName="clicks")["Tags"]
    assert tags == [{"Key": "Team", "Value": "data"}]
