"""Gaps in the limits of moto's SQS.

Sources: "Amazon SQS message quotas" in the Amazon SQS developer guide, and the service's answers.
"""

from __future__ import annotations

import re
from typing import Any

from moto.core.responses import ActionResult
from moto.sqs.constants import MAXIMUM_MESSAGE_LENGTH
from moto.sqs.exceptions import (
    BatchRequestTooLong,
    InvalidBatchEntryId,
    InvalidParameterValue,
    MissingParameter,
    SQSException,
    TooManyEntriesInBatchRequest,
)
from moto.sqs.models import Message, SQSBackend
from moto.sqs.responses import SQSResponse

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch

LARGEST_BATCH = 10
ENTRY_ID = re.compile(r"[\w-]{1,80}", re.ASCII)


@adapter
def messages_are_measured(patch: Patch) -> None:
    """A message is as long as its bytes and those of its attributes; one that is too long is refused alone.

    moto 5.2.5 counts the characters of the body, takes an empty one, and refuses a whole batch for one message.
    """
    send, send_batch = SQSBackend.send_message, SQSBackend.send_message_batch

    def send_message(
        self: SQSBackend, queue_name: str, message_body: str, *args: Any, **options: Any
    ) -> Message:
        if not message_body:
            raise MissingParameter("MessageBody")
        attributes = args[0] if args else options.get("message_attributes")
        if problem := _too_long(self.get_queue(queue_name), message_body, attributes):
            raise problem
        return send(self, queue_name, message_body, *args, **options)

    def send_message_batch(
        self: SQSBackend, queue_name: str, entries: dict[str, dict[str, Any]]
    ) -> tuple[list[Message], list[dict[str, Any]]]:
        total = sum(_size(entry["MessageBody"], entry.get("MessageAttributes")) for entry in entries.values())
        if total > MAXIMUM_MESSAGE_LENGTH:
            raise BatchRequestTooLong(total)
        queue, failed, accepted = self.get_queue(queue_name), [], {}
        for key, entry in entries.items():
            if problem := _too_long(queue, entry["MessageBody"], entry.get("MessageAttributes")):
                failed.append(_failure(entry["Id"], problem))
            else:
                accepted[key] = entry
        messages, refused = send_batch(self, queue_name, accepted)
        return messages, failed + refused

    patch.replace(SQSBackend, "send_message", send_message)
    patch.replace(SQSBackend, "send_message_batch", send_message_batch)


def _too_long(queue: Any, body: str, attributes: dict[str, Any] | None) -> SQSException | None:
    limit = int(queue.maximum_message_size)
    if _size(body, attributes) <= limit:
        return None
    return InvalidParameterValue(
        f"One or more parameters are invalid. Reason: Message must be shorter than {limit} bytes."
    )


def _size(body: str, attributes: dict[str, Any] | None) -> int:
    parts: list[Any] = [body]
    for name, value in (attributes or {}).items():
        parts += [name, value.get("DataType"), value.get("StringValue"), value.get("BinaryValue")]
    return sum(len(part.encode() if isinstance(part, str) else part) for part in parts if part)


def _failure(entry_id: str, problem: SQSException) -> dict[str, Any]:
    message = problem.message.replace("are invalid", "cannot be validated")
    return {"Id": entry_id, "SenderFault": True, "Code": problem.code, "Message": message}


@adapter
def all_batches_have_limits(patch: Patch) -> None:
    """A batch that deletes messages, or changes their visibility, has up to ten entries with legal ids.

    moto 5.2.5 asks this of SendMessageBatch alone.
    """

    def limited(name: str) -> Any:
        respond = getattr(SQSResponse, name)

        def answer(self: SQSResponse) -> ActionResult:
            entries = self._get_param("Entries", [])
            if len(entries) > LARGEST_BATCH:
                raise TooManyEntriesInBatchRequest(len(entries))
            if not all(ENTRY_ID.fullmatch(entry["Id"]) for entry in entries):
                raise InvalidBatchEntryId
            return respond(self)  # type: ignore[no-any-return]

        return answer

    for name in ("delete_message_batch", "change_message_visibility_batch"):
        patch.replace(SQSResponse, name, limited(name))
