"""Objects that arrived in the raw zone, from the events in which S3 announces them.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote_plus

from dst.errors import MessageError


@dataclass(frozen=True)
class Arrival:
    """One version of one object, a row of the table `raw_files`.

    Attributes:
        key: decoded.
        version_id: None if the bucket keeps no versions.
        sequencer: orders the events of one key.
        source: first directory below the prefix that is watched, None if the object is in none.
        arrived_at: UTC, as Athena reads timestamps in JSON: ``2024-01-31 12:34:56.789``.
    """

    bucket: str
    key: str
    version_id: str | None
    sequencer: str | None
    etag: str
    size_bytes: int
    source: str | None
    event_name: str
    arrived_at: str

    @property
    def object_key(self) -> str:
        """Where its row is kept: the same for each delivery of the same event, so that it is there once."""
        identity = json.dumps([self.bucket, self.key, self.version_id, self.sequencer, self.etag])
        digest = hashlib.sha256(identity.encode()).hexdigest()[:32]
        return f"arrived_on={self.arrived_at[:10]}/{digest}.json"

    def as_json(self) -> bytes:
        """Its row; the partition column is in `object_key`, not in here."""
        return json.dumps(asdict(self), ensure_ascii=False).encode() + b"\n"


def from_notification(text: str, prefix: str) -> list[Arrival]:
    """Read an S3 notification; the test event, sent when a notification is set up, holds no arrival.

    Args:
        text: JSON, the body of a queue's message.
        prefix: below which the job watches; a source is the first directory below it.

    Raises:
        MessageError: the text is not a notification of created objects.
    """
    try:
        notification = json.loads(text)
        if notification.get("Event") == "s3:TestEvent":
            return []
        return [_arrival(record, prefix) for record in notification["Records"]]
    except (ValueError, TypeError, AttributeError) as error:
        raise MessageError(f"the message is not a notification of S3: {error}") from error
    except KeyError as error:
        raise MessageError(f"the message is not a notification of S3: it lacks {error}") from error


def _arrival(record: Mapping[str, Any], prefix: str) -> Arrival:
    name, stored = record["eventName"], record["s3"]["object"]
    if not name.startswith("ObjectCreated:"):
        raise MessageError(f"the message announces {name}; the queue must be sent ObjectCreated events only")
    moment = datetime.fromisoformat(record["eventTime"]).astimezone(UTC)
    key = unquote_plus(stored["key"], errors="strict")
    directories = key.removeprefix(prefix).split("/")[:-1]
    return Arrival(
        bucket=record["s3"]["bucket"]["name"],
        key=key,
        version_id=stored.get("versionId"),
        sequencer=stored.get("sequencer"),
        etag=stored["eTag"],
        size_bytes=int(stored["size"]),
        source=directories[0] if directories else None,
        event_name=name,
        arrived_at=moment.strftime("%Y-%m-%d %H:%M:%S.") + f"{moment.microsecond // 1000:03d}",
    )
