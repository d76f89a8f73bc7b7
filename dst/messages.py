"""Messages of an SQS queue, handled one by one: what fails is delivered again, and only that.

https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Message:
    """One message.

    Attributes:
        message_id: as the queue gave it.
        body: its text, as it was sent.
    """

    message_id: str
    body: str


@dataclass(frozen=True)
class Batch:
    """What became of a batch: the result of each message handled, the ids of those that failed."""

    results: list[Any]
    failed: list[str]

    def response(self) -> dict[str, list[dict[str, str]]]:
        """What Lambda is answered, so that the queue keeps what failed (``ReportBatchItemFailures``)."""
        return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in self.failed]}


def handle_each(event: Mapping[str, Any], handle: Callable[[Message], Any]) -> Batch:
    """Call `handle` with every message of the event, also after one has failed."""
    batch = Batch([], [])
    for record in event["Records"]:
        message = Message(record["messageId"], record["body"])
        try:
            batch.results.append(handle(message))
        # Whatever is wrong with one message must not keep the others from being handled. It isn't lost:
        # the queue delivers it again, and at last puts it into the dead-letter queue.
        except Exception:
            log.exception(
                "A message failed and will be delivered again", extra={"message_id": message.message_id}
            )
            batch.failed.append(message.message_id)
    return batch
