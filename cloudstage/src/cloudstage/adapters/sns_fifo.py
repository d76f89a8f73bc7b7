"""Gaps in moto's FIFO topics. They add to the envelope of sns_envelope, and so come after it.

Source: "Message deduplication for FIFO topics" in the Amazon SNS developer guide.
"""

from __future__ import annotations

import hashlib
import threading
from contextvars import ContextVar
from typing import Any

from moto.core.responses import ActionResult
from moto.sns.models import SNSBackend, Subscription, Topic
from moto.sns.responses import SNSResponse

from cloudstage.adapters.recently_sent import next_sequence_number, recall, remember
from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch

_sequence_number: ContextVar[str | None] = ContextVar("sequence_number", default=None)
"""That of the message which a FIFO topic is publishing, or has just published."""
_numbers: ContextVar[dict[str, str | None] | None] = ContextVar("numbers", default=None)
"""Those of the messages of a batch, by their ids."""
_one_at_a_time = threading.RLock()
"""Messages reach all queues of a FIFO topic in one order."""


@adapter
def fifo_topics_deliver_once(patch: Patch) -> None:
    """A FIFO topic drops duplicates, numbers its messages, and gives FIFO queues what they need to do the same.

    moto 5.2.5 leaves all of it to the queues, which can't tell what the topic sees as the same message, and gives
    standard queues groups.
    """
    publish_to_all = Topic.publish
    deliver = Subscription.publish
    envelope = Subscription.get_post_data
    respond = SNSResponse.publish

    def publish(self: Topic, message: str, *args: Any, **options: Any) -> str:
        if not self.fifo_topic:
            return publish_to_all(self, message, *args, **options)
        identity = options.get("deduplication_id") or hashlib.sha256(message.encode()).hexdigest()
        with _one_at_a_time:
            if sent := recall(self, identity):
                _sequence_number.set(sent.sequence_number)
                return sent.message_id
            number = next_sequence_number(self)
            _sequence_number.set(number)
            message_id = publish_to_all(self, message, *args, **options | {"deduplication_id": identity})
            remember(self, identity, message_id, number)
            return message_id

    def deliver_by_kind(self: Subscription, *args: Any, **options: Any) -> None:
        if self.topic.fifo_topic and not self.endpoint.endswith(".fifo"):
            options |= {"group_id": None, "deduplication_id": None}
        deliver(self, *args, **options)

    def get_post_data(self: Subscription, *args: Any, **options: Any) -> dict[str, Any]:
        data = envelope(self, *args, **options)
        if not self.topic.fifo_topic:
            return data
        unsigned = {name: value for name, value in data.items() if not name.startswith("Sign")}
        return unsigned | {"SequenceNumber": _sequence_number.get()}

    def publish_response(self: SNSResponse) -> ActionResult:
        _sequence_number.set(None)
        answer: Any = respond(self).result
        number = _sequence_number.get()
        return ActionResult(answer | ({"SequenceNumber": number} if number else {}))

    patch.replace(Topic, "publish", publish)
    patch.replace(Subscription, "publish", deliver_by_kind)
    patch.replace(Subscription, "get_post_data", get_post_data)
    patch.replace(SNSResponse, "publish", publish_response)


@adapter
def batches_are_numbered(patch: Patch) -> None:
    """The answer to a batch has the sequence numbers of its messages.

    moto 5.2.5 lacks them.
    """
    publish_entry = SNSBackend.publish
    publish_entries = SNSBackend.publish_batch

    def publish_and_count(self: SNSBackend, *args: Any, **options: Any) -> str:
        message_id = publish_entry(self, *args, **options)
        numbers = _numbers.get()
        if numbers is not None:
            numbers[message_id] = _sequence_number.get()
        return message_id

    def publish_batch(self: SNSBackend, topic_arn: str, publish_batch_request_entries: list[Any]) -> Any:
        _sequence_number.set(None)
        numbers: dict[str, str | None] = {}
        kept = _numbers.set(numbers)
        try:
            successful, failed = publish_entries(self, topic_arn, publish_batch_request_entries)
        finally:
            _numbers.reset(kept)
        for entry in successful:
            if number := numbers.get(entry["MessageId"]):
                entry["SequenceNumber"] = number
        return successful, failed

    patch.replace(SNSBackend, "publish", publish_and_count)
    patch.replace(SNSBackend, "publish_batch", publish_batch)
