"""The tasks that move messages out of a dead letter queue, which moto's SQS lacks.

Source: StartMessageMoveTask, ListMessageMoveTasks and CancelMessageMoveTask in the Amazon SQS API reference.
"""

from __future__ import annotations

import uuid
from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import unix_time_millis
from moto.sqs.exceptions import SQSException
from moto.sqs.models import Message, Queue, SQSBackend
from moto.sqs.responses import SQSResponse

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch


@adapter
def dead_letters_are_moved(patch: Patch) -> None:
    """Messages of a dead letter queue go back where they came from, or to another queue.

    moto 5.2.5 does not have the operations. A task here is done when StartMessageMoveTask answers, so that there is
    never one to cancel.
    """

    def start_message_move_task(self: SQSResponse) -> ActionResult:
        source = _queue(self.sqs_backend, self._get_param("SourceArn"))
        if not self.sqs_backend.list_dead_letter_source_queues(source.name):
            raise SQSException(
                "InvalidParameterValue", "Source queue must be configured as a Dead Letter Queue."
            )
        arn = self._get_param("DestinationArn")
        task = _move(self.sqs_backend, source, _queue(self.sqs_backend, arn) if arn else None)
        # They are part of the queue, with which they are saved.
        vars(source).setdefault("move_tasks", []).insert(0, task)
        return ActionResult({"TaskHandle": task["TaskHandle"]})

    def list_message_move_tasks(self: SQSResponse) -> ActionResult:
        source = _queue(self.sqs_backend, self._get_param("SourceArn"))
        tasks = vars(source).get("move_tasks", [])[: int(self._get_param("MaxResults", 1))]
        shown = [{name: value for name, value in task.items() if name != "TaskHandle"} for task in tasks]
        return ActionResult({"Results": shown})

    def cancel_message_move_task(self: SQSResponse) -> ActionResult:
        raise SQSException("ResourceNotFoundException", "Task does not exist.")

    patch.replace(SQSResponse, "start_message_move_task", start_message_move_task)
    patch.replace(SQSResponse, "list_message_move_tasks", list_message_move_tasks)
    patch.replace(SQSResponse, "cancel_message_move_task", cancel_message_move_task)


def _queue(backend: SQSBackend, arn: str) -> Queue:
    queue = next((queue for queue in backend.queues.values() if queue.queue_arn == arn), None)
    if queue is None:
        raise SQSException(
            "ResourceNotFoundException",
            "The resource that you specified for the SourceArn parameter doesn't exist.",
        )
    return queue


def _move(backend: SQSBackend, source: Queue, destination: Queue | None) -> dict[str, Any]:
    task: dict[str, Any] = {
        "TaskHandle": uuid.uuid4().hex,
        "Status": "COMPLETED",
        "SourceArn": source.queue_arn,
        "StartedTimestamp": int(unix_time_millis()),
    }
    if destination is not None:
        task["DestinationArn"] = destination.queue_arn
    with source._messages_lock:
        moved = source.messages
        source._messages = [message for message in source._messages if message not in moved]
    for message in moved:
        (destination or _origin(backend, source, message)).add_message(_resent(message))
    counts = {"ApproximateNumberOfMessagesMoved": len(moved), "ApproximateNumberOfMessagesToMove": len(moved)}
    return task | counts


def _origin(backend: SQSBackend, source: Queue, message: Message) -> Queue:
    """The queue that gave up on the message, or else the one that would."""
    sources = backend.list_dead_letter_source_queues(source.name)
    came_from = vars(message).get("dead_letter_source")
    return next((queue for queue in sources if queue.queue_arn == came_from), sources[0])


def _resent(message: Message) -> Message:
    message.approximate_receive_count = 0
    message.approximate_first_receive_timestamp = None
    message.mark_sent()
    return message
