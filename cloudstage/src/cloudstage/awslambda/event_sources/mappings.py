"""Event source mappings as Lambda's API manages them, each with a poller while it is enabled.

Source: "CreateEventSourceMapping" in the AWS Lambda API reference, and the service's own messages.
"""

from __future__ import annotations

import threading
from typing import Any

from cloudstage.awslambda.event_sources import queues
from cloudstage.awslambda.event_sources.poller import Poller
from cloudstage.awslambda.event_sources.queues import SourceQueue, Wakeups
from cloudstage.awslambda.executor import FunctionExecutor
from cloudstage.context import Context
from cloudstage.patching import Patch


class Mappings:
    """The pollers of one cloudstage, by the UUID of their mapping."""

    def __init__(self, context: Context, executor: FunctionExecutor) -> None:
        self._context = context
        self._executor = executor
        self._wakeups = Wakeups()
        self._pollers: dict[str, Poller] = {}
        self._lock = threading.Lock()

    def install(self, patch: Patch) -> None:
        """Follow what is done to mappings through the API."""
        from moto.awslambda.models import LambdaBackend

        queues.install(patch, self._wakeups)
        create = LambdaBackend.create_event_source_mapping
        update = LambdaBackend.update_event_source_mapping
        delete = LambdaBackend.delete_event_source_mapping

        def create_mapping(backend: Any, spec: dict[str, Any]) -> Any:
            check_unique(backend, spec.get("EventSourceArn", ""), spec.get("FunctionName", ""))
            mapping = create(backend, spec)
            try:
                check(backend, mapping)
            except Exception:
                # Whatever it was refused for: moto has registered it already.
                delete(backend, mapping.uuid)
                raise
            self._apply(mapping)
            return mapping

        def update_mapping(backend: Any, uuid: str, spec: dict[str, Any]) -> Any:
            mapping = update(backend, uuid, spec)
            if mapping is not None:
                self._apply(mapping)
            return mapping

        def delete_mapping(backend: Any, uuid: str) -> Any:
            self._stop(uuid)
            return delete(backend, uuid)

        _keep_moto_from_invoking(patch)
        patch.replace(LambdaBackend, "create_event_source_mapping", create_mapping)
        patch.replace(LambdaBackend, "update_event_source_mapping", update_mapping)
        patch.replace(LambdaBackend, "delete_event_source_mapping", delete_mapping)

    def resume(self) -> None:
        """Start the pollers of the mappings that the cloudstage was restored with."""
        from moto.awslambda.models import lambda_backends

        for account in list(lambda_backends.values()):
            for backend in list(account.values()):
                for mapping in list(backend._event_source_mappings.values()):
                    SourceQueue(mapping.event_source_arn).recover()
                    self._apply(mapping)

    def stop(self) -> None:
        """Stop all pollers."""
        with self._lock:
            uuids = list(self._pollers)
        for uuid in uuids:
            self._stop(uuid)

    def _apply(self, mapping: Any) -> None:
        """Bring the poller in line with ``mapping``; a new one sees changed limits."""
        self._stop(mapping.uuid)
        if mapping.enabled and ":sqs:" in mapping.event_source_arn:
            with self._lock:
                self._pollers[mapping.uuid] = Poller(self._context, mapping, self._executor, self._wakeups)

    def _stop(self, uuid: str) -> None:
        with self._lock:
            poller = self._pollers.pop(uuid, None)
        if poller:
            poller.stop()


def _keep_moto_from_invoking(patch: Patch) -> None:
    """moto calls the functions that a queue lists, one message at a time, within SendMessage: list none."""
    from moto.sqs.models import Queue

    def keep(queue: Queue, mappings: dict[str, Any]) -> None:
        vars(queue)["lambda_event_source_mappings"] = mappings

    patch.replace(Queue, "lambda_event_source_mappings", property(lambda _queue: {}, keep))


LARGEST_BATCH_WITHOUT_WINDOW = 10


def check(backend: Any, mapping: Any) -> None:
    """Raise moto's InvalidParameterValueException or ConflictException if AWS would refuse ``mapping``."""
    from moto.awslambda.exceptions import InvalidParameterValueException
    from moto.sqs.models import sqs_backends

    region, account_id, queue_name = mapping.event_source_arn.split(":")[3:6]
    queue: Any = sqs_backends[account_id][region].queues[queue_name]
    function = backend.get_function(mapping.function_arn)
    if queue.visibility_timeout < int(function.timeout):
        raise InvalidParameterValueException(
            f"Queue visibility timeout: {queue.visibility_timeout} seconds is less than "
            f"Function timeout: {function.timeout} seconds"
        )
    if mapping.batch_size > LARGEST_BATCH_WITHOUT_WINDOW and not mapping.max_batch_window:
        raise InvalidParameterValueException(
            "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10"
        )


def check_unique(backend: Any, source_arn: str, function_name: str) -> None:
    """Raise moto's ResourceConflictException if the function already has a mapping for this source."""
    from moto.awslambda.exceptions import LambdaClientError

    function_arn = backend.get_function(function_name).function_arn
    for mapping in backend._event_source_mappings.values():
        if (mapping.event_source_arn, mapping.function_arn) == (source_arn, function_arn):
            error = LambdaClientError(
                "ResourceConflictException",
                f'The event source arn (" {source_arn} ") and function (" {function_arn} ") provided mapping '
                f"already exists. Please update or delete the existing mapping with UUID {mapping.uuid}",
            )
            error.code = 409
            raise error
