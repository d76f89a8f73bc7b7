"""Gaps in the answers of moto's SQS.

Sources: the Amazon SQS API reference, and the service's answers.
"""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.core.serialize import BaseJSONSerializer
from moto.sqs.exceptions import ReceiptHandleIsInvalid, SQSException
from moto.sqs.models import Queue
from moto.sqs.responses import SQSResponse

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch

SOURCE = "DeadLetterQueueSourceArn"
REASONS = {
    "Reason: must be &lt;= 0 and &gt;= 20 if": "Reason: Must be >= 0 and <= 20, if",
    "Reason: must be": "Reason: Must be",
}
LEFT_OUT_IF_EMPTY = {
    "send_message_batch": "Failed",
    "delete_message_batch": "Failed",
    "change_message_visibility_batch": "Failed",
    "list_queue_tags": "Tags",
}


class ReceiptExpiredError(ReceiptHandleIsInvalid):
    """The message was received too long ago to be deleted with this receipt."""

    code = "InvalidParameterValue"

    def __init__(self, receipt_handle: str) -> None:
        super().__init__()
        problem = "for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired."
        self.message = f"Value {receipt_handle} {problem}"


@adapter
def receipts_of_fifo_queues_expire(patch: Patch) -> None:
    """A message of a FIFO queue can't be deleted once its visibility timeout is over: another may have it.

    moto 5.2.5 deletes it, so that the messages that follow overtake the other consumer.
    """
    delete = Queue.delete_message

    def delete_message(self: Queue, receipt_handle: str) -> None:
        if self.fifo_queue:
            for message in self._messages:
                if message.visible and message.had_receipt_handle(receipt_handle):
                    raise ReceiptExpiredError(receipt_handle)
        delete(self, receipt_handle)

    patch.replace(Queue, "delete_message", delete_message)


@adapter
def dead_letters_name_their_source(patch: Patch) -> None:
    """A message that was moved to a dead letter queue says which queue it comes from.

    moto 5.2.5 lacks the attribute.
    """
    receive = SQSResponse.receive_message

    def receive_message(self: SQSResponse) -> ActionResult:
        answer: Any = receive(self)
        asked = self._get_param("AttributeNames", []) + self._get_param("MessageSystemAttributeNames", [])
        if not {"All", SOURCE}.isdisjoint(asked):
            kept = {
                message.id: message
                for message in self.sqs_backend.get_queue(self._get_queue_name())._messages
            }
            for entry in answer.result.get("Messages", []):
                if source := vars(kept.get(entry["MessageId"], answer)).get("dead_letter_source"):
                    entry.setdefault("Attributes", {})[SOURCE] = source
        return answer  # type: ignore[no-any-return]

    patch.replace(SQSResponse, "receive_message", receive_message)


@adapter
def nothing_empty_is_answered(patch: Patch) -> None:
    """The answer to a batch has no failures if nothing failed, and a queue without tags none.

    moto 5.2.5 answers with an empty list, or with an empty object.
    """

    def without(name: str, member: str) -> Any:
        respond = getattr(SQSResponse, name)

        def answer(self: SQSResponse) -> ActionResult:
            given: Any = respond(self)
            if not given.result.get(member):
                given.result.pop(member, None)
            return given  # type: ignore[no-any-return]

        return answer

    for name, member in LEFT_OUT_IF_EMPTY.items():
        patch.replace(SQSResponse, name, without(name, member))


@adapter
def invalid_values_have_their_names(patch: Patch) -> None:
    """The error of an invalid value has the name of its exception, and a message without the client's preface.

    moto 5.2.5 calls it InvalidParameterValue in both of its places, and repeats what clients write themselves.
    """
    create = SQSException.__init__
    code_of = BaseJSONSerializer._get_protocol_specific_error_code

    def initialise(self: SQSException, *args: Any, **kwargs: Any) -> None:
        create(self, *args, **kwargs)
        self.message = self.message.rpartition(" operation: ")[2].replace(
            "Reason: must be", "Reason: Must be"
        )

    def error_code(self: BaseJSONSerializer, error: Any) -> str:
        code = code_of(self, error)
        return f"{code}Exception" if code == "com.amazonaws.sqs#InvalidParameterValue" else code

    patch.replace(SQSException, "__init__", initialise)
    patch.replace(BaseJSONSerializer, "_get_protocol_specific_error_code", error_code)
