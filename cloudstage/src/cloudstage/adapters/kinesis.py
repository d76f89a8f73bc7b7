"""Gaps in moto's Kinesis."""

from __future__ import annotations

from typing import Any

from moto.kinesis.models import KinesisBackend, Stream
from moto.kinesis.responses import KinesisResponse

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch

DEFAULT_SHARDS = 4


@adapter
def streams_need_no_shard_count(patch: Patch) -> None:
    """CreateStream without a number of shards makes a stream with as many as AWS gives it at first.

    moto 5.2.5 answers 500. Source for the number: what CreateStream makes on AWS.
    """
    create = KinesisBackend.create_stream

    def create_stream(
        self: KinesisBackend, stream_name: str, shard_count: int | None, *args: Any, **kwargs: Any
    ) -> Stream:
        return create(self, stream_name, shard_count or DEFAULT_SHARDS, *args, **kwargs)

    patch.replace(KinesisBackend, "create_stream", create_stream)


@adapter
def streams_are_tagged_when_they_are_created(patch: Patch) -> None:
    """The tags in CreateStream are the stream's.

    moto 5.2.5 drops them: Terraform wants to add its ``default_tags`` in the next plan.
    """
    original = KinesisResponse.create_stream

    def create_stream(self: KinesisResponse) -> Any:
        answer = original(self)
        if tags := self._get_param("Tags"):
            self.kinesis_backend.add_tags_to_stream(None, self._get_param("StreamName"), tags)
        return answer

    patch.replace(KinesisResponse, "create_stream", create_stream)
