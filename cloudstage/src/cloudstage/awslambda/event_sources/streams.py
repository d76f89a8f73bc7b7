"""Kinesis and DynamoDB streams as event sources: their shards, records, and where a mapping begins to read.

Sources: "Using Lambda with Kinesis" and "Using Lambda with DynamoDB" in the Lambda developer guide, with the
events shown there.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cloudstage.awslambda.event_sources.queues import Wakeups, then_wake
from cloudstage.patching import Patch


@dataclass(frozen=True)
class StreamRecord:
    """One record: its number in the shard, when it arrived (Unix time), and the event that Lambda makes of it."""

    sequence: int
    arrived_at: float
    event: dict[str, Any]


class KinesisStream:
    """The stream ``arn`` of moto's; one that does not exist has no shards."""

    batch_info = "KinesisBatchInfo"
    arrival_precision = "milliseconds"

    def __init__(self, arn: str) -> None:
        self.arn = arn
        self._region, self._account_id, resource = arn.split(":")[3:6]
        self._name = resource.removeprefix("stream/")

    @property
    def exists(self) -> bool:
        """Whether there is such a stream."""
        return self._stream() is not None

    def shards(self) -> list[str]:
        """The ids of its shards, parents before their children."""
        stream = self._stream()
        return sorted(stream.shards) if stream else []

    def records(self, shard: str, after: int) -> Iterator[StreamRecord]:
        """The records of ``shard`` with numbers above ``after``, in their order."""
        stream = self._stream()
        if stream is None or shard not in stream.shards:
            return
        for record in list(stream.shards[shard].records.values()):
            if record.sequence_number > after:
                yield StreamRecord(record.sequence_number, record.created_at, self._event(shard, record))

    @staticmethod
    def as_delivered(event: dict[str, Any], role_arn: str) -> dict[str, Any]:
        """``event`` as a function with this role gets it."""
        return {**event, "invokeIdentityArn": role_arn}

    def _event(self, shard: str, record: Any) -> dict[str, Any]:
        return {
            "kinesis": {
                "kinesisSchemaVersion": "1.0",
                "partitionKey": record.partition_key,
                "sequenceNumber": str(record.sequence_number),
                "data": record.data,
                "approximateArrivalTimestamp": round(record.created_at, 3),
            },
            "eventSource": "aws:kinesis",
            "eventVersion": "1.0",
            "eventID": f"{shard}:{record.sequence_number}",
            "eventName": "aws:kinesis:record",
            "awsRegion": self._region,
            "eventSourceARN": self.arn,
        }

    def _stream(self) -> Any | None:
        from moto.kinesis.models import kinesis_backends

        return kinesis_backends[self._account_id][self._region].streams.get(self._name)


class DynamoDBStream:
    """The stream ``arn`` of one of moto's tables; a table whose stream has changed since has no shards."""

    batch_info = "DDBStreamBatchInfo"
    arrival_precision = "seconds"

    def __init__(self, arn: str) -> None:
        self.arn = arn
        self._region, self._account_id = arn.split(":")[3:5]
        _, self._table_name, _, self._label = arn.split(":", 5)[5].split("/")

    @property
    def exists(self) -> bool:
        """Whether there is such a stream."""
        return self._shard() is not None

    def shards(self) -> list[str]:
        """moto's tables have one shard."""
        shard = self._shard()
        return [shard.id] if shard else []

    def records(self, shard: str, after: int) -> Iterator[StreamRecord]:
        """The records of ``shard`` with numbers above ``after``, in their order."""
        found = self._shard()
        if found is None or found.id != shard:
            return
        for item in list(found.items):
            change = dict(item.record["dynamodb"])
            sequence = int(change["SequenceNumber"])
            if sequence > after:
                moment = change["ApproximateCreationDateTime"].replace(tzinfo=datetime.UTC).timestamp()
                change["ApproximateCreationDateTime"] = float(int(moment))
                event = {**item.record, "eventVersion": "1.1", "awsRegion": self._region, "dynamodb": change}
                yield StreamRecord(sequence, moment, event | {"eventSourceARN": self.arn})

    @staticmethod
    def as_delivered(event: dict[str, Any], _role_arn: str) -> dict[str, Any]:
        """``event`` as a function gets it."""
        return event

    def _shard(self) -> Any | None:
        from moto.dynamodb.models import dynamodb_backends

        table = dynamodb_backends[self._account_id][self._region].tables.get(self._table_name)
        if table is None or table.latest_stream_label != self._label:
            return None
        return table.stream_shard


Stream = KinesisStream | DynamoDBStream


def stream_of(arn: str) -> Stream:
    """The stream with this ARN."""
    return KinesisStream(arn) if ":kinesis:" in arn else DynamoDBStream(arn)


def starting_points(stream: Stream, position: str, timestamp: float | None) -> dict[str, int]:
    """After which record of each shard a new mapping begins to read; a shard that is not named, at its begin.

    ``position`` is LATEST, TRIM_HORIZON or AT_TIMESTAMP, ``timestamp`` is Unix time for the last of these.
    """
    points = {}
    for shard in stream.shards():
        skipped = [
            record.sequence
            for record in stream.records(shard, after=-1)
            if position == "LATEST" or (position == "AT_TIMESTAMP" and record.arrived_at < (timestamp or 0))
        ]
        if skipped:
            points[shard] = skipped[-1]
    return points


def install(patch: Patch, wakeups: Wakeups) -> None:
    """Wake pollers after a record was written."""
    from moto.dynamodb.models.table import StreamShard
    from moto.kinesis.models import Stream as MotoStream

    def arn_of_table(shard: Any, *_: Any) -> str:
        return f"{shard.table.table_arn}/stream/{shard.table.latest_stream_label}"

    put, add = MotoStream.put_record, StreamShard.add
    patch.replace(MotoStream, "put_record", then_wake(put, wakeups, lambda stream, *_: stream.arn))
    patch.replace(StreamShard, "add", then_wake(add, wakeups, arn_of_table))
