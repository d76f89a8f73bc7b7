"""Records every object that arrives in the raw zone: one row of the table `raw_files` each."""

import logging
from dataclasses import dataclass

from dst.job import job
from dst.lake import Lake
from dst.messages import Message
from dst.s3_uri import S3Uri

from .arrivals import from_notification

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Params:
    """Parameters.

    Attributes:
        source_data_uri: prefix in the raw zone, whose first directories are the sources.
        target_data_uri: location of the table `raw_files`.
    """

    source_data_uri: S3Uri
    target_data_uri: S3Uri


@dataclass(frozen=True)
class Summary:
    """What became of a message: how many objects it announced, all recorded."""

    objects_recorded: int


@job
def run(params: Params, message: Message, lake: Lake) -> Summary:
    """Record the objects that a notification announces; once more is the same as once."""
    arrivals = from_notification(message.body, params.source_data_uri.child("").key)
    for arrival in arrivals:
        target = params.target_data_uri.child(arrival.object_key)
        lake.s3.put_object(
            Bucket=target.bucket, Key=target.key, Body=arrival.as_json(), ContentType="application/json"
        )
        log.info("Recorded", extra={"key": arrival.key, "version_id": arrival.version_id})
    return Summary(len(arrivals))


handler = run.handler

if __name__ == "__main__":
    run.main()
