"""Event source mappings as Lambda's API manages them, each with a poller while it is enabled.

Source: "CreateEventSourceMapping" in the AWS Lambda API reference, and the service's own messages.
"""

from __future__ import annotations

import threading
from typing import Any

from cloudstage.awslambda.contents import lambda_contents
from cloudstage.awslambda.delivery import Delivery
from cloudstage.awslambda.event_sources import checks, queues, streams
from cloudstage.awslambda.event_sources.queue_poller import QueuePoller
from cloudstage.awslambda.event_sources.queues import SourceQueue, Wakeups
from cloudstage.awslambda.event_sources.stream_poller import StreamPoller
from cloudstage.awslambda.executor import FunctionExecutor
from cloudstage.awslambda.function import arn_as_invoked
from cloudstage.context import Context
from cloudstage.patching import Patch


class Mappings:
    """The pollers of one cloudstage, by the UUID of their mapping."""

    def __init__(self, context: Context, executor: FunctionExecutor, delivery: Delivery) -> None:
        self._context = context
        self._executor = executor
        self._delivery = delivery
        self._wakeups = Wakeups()
        self._pollers: dict[str, QueuePoller | StreamPoller] = {}
        self._lock = threading.Lock()

    def install(self, patch: Patch) -> None:
        """Follow what is done to mappings through the API."""
        from moto.awslambda.models import EventSourceMapping, LambdaBackend

        queues.install(patch, self._wakeups)
        streams.install(patch, self._wakeups)
        describe = EventSourceMapping.get_configuration
        list_by_name = LambdaBackend.list_event_source_mappings
        update = LambdaBackend.update_event_source_mapping
        delete = LambdaBackend.delete_event_source_mapping

        def create_mapping(backend: Any, spec: dict[str, Any]) -> Any:
            mapping = _new_mapping(backend, spec)
            backend._event_source_mappings[mapping.uuid] = mapping
            self._apply(mapping)
            return mapping

        def update_mapping(backend: Any, uuid: str, spec: dict[str, Any]) -> Any:
            mapping = backend.get_event_source_mapping(uuid)
            if mapping is None:
                raise checks.refusal(
                    "The resource you requested does not exist.", "ResourceNotFoundException", 404
                )
            checks.check_settings(mapping.event_source_arn, spec, mapping)
            update(backend, uuid, spec)
            if named := spec.get("FunctionName"):
                function = backend.get_function(named)
                mapping.function_name = function.function_name
                mapping.function_arn = arn_as_invoked(function, named, None)
            self._apply(mapping)
            return mapping

        def delete_mapping(backend: Any, uuid: str) -> Any:
            self._stop(uuid)
            contents = lambda_contents[backend.account_id][backend.region_name]
            contents.checkpoints.pop(uuid, None)
            contents.in_flight.pop(uuid, None)
            contents.last_processing_results.pop(uuid, None)
            return delete(backend, uuid)

        def list_mappings(backend: Any, source_arn: str, function_name: str) -> Any:
            """A function may be named by its ARN, too."""
            name = backend.get_function(function_name).function_name if function_name else ""
            return list_by_name(backend, source_arn, name)

        def get_configuration(mapping: Any) -> dict[str, Any]:
            results = lambda_contents[mapping.account_id][mapping.region].last_processing_results
            last = {"LastProcessingResult": results[mapping.uuid]} if mapping.uuid in results else {}
            return describe(mapping) | last

        patch.replace(EventSourceMapping, "get_configuration", get_configuration)
        patch.replace(LambdaBackend, "create_event_source_mapping", create_mapping)
        patch.replace(LambdaBackend, "list_event_source_mappings", list_mappings)
        patch.replace(LambdaBackend, "update_event_source_mapping", update_mapping)
        patch.replace(LambdaBackend, "delete_event_source_mapping", delete_mapping)

    def resume(self) -> None:
        """Start the pollers of the mappings that the cloudstage was restored with."""
        from moto.awslambda.models import lambda_backends

        for account in list(lambda_backends.values()):
            for backend in list(account.values()):
                for mapping in list(backend._event_source_mappings.values()):
                    if checks.is_queue(mapping.event_source_arn):
                        contents = lambda_contents[backend.account_id][backend.region_name]
                        in_flight = contents.in_flight.pop(mapping.uuid, set())
                        SourceQueue(mapping.event_source_arn).recover(in_flight)
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
        if mapping.enabled:
            with self._lock:
                self._pollers[mapping.uuid] = self._start(mapping)

    def _start(self, mapping: Any) -> QueuePoller | StreamPoller:
        if checks.is_queue(mapping.event_source_arn):
            return QueuePoller(self._context, mapping, self._executor, self._wakeups)
        return StreamPoller(self._context, mapping, self._executor, self._wakeups, self._delivery)

    def _stop(self, uuid: str) -> None:
        with self._lock:
            poller = self._pollers.pop(uuid, None)
        if poller:
            poller.stop()


def _new_mapping(backend: Any, spec: dict[str, Any]) -> Any:
    """moto's EventSourceMapping, if AWS would take it; its source does not know of it, or moto would invoke, too.

    Raises moto's LambdaClientError with the code and message of AWS.
    """
    from moto.awslambda.models import EventSourceMapping

    for name in ("FunctionName", "EventSourceArn"):
        if not spec.get(name):
            raise checks.refusal(f"Missing {name}")
    function = backend.get_function(spec["FunctionName"])
    source_arn, function_arn = spec["EventSourceArn"], arn_as_invoked(function, spec["FunctionName"], None)
    checks.check_settings(source_arn, spec)
    checks.check_new(backend._event_source_mappings, source_arn, function_arn)
    identity = {
        "RegionName": backend.region_name,
        "AccountId": backend.account_id,
        "FunctionName": function.function_name,
        "FunctionArn": function_arn,
    }
    if checks.is_queue(source_arn):
        checks.check_queue(SourceQueue(source_arn), function)
        return EventSourceMapping(spec | identity)  # type: ignore[abstract]
    checks.check_stream(streams.stream_of(source_arn), spec.get("StartingPosition"))
    mapping = EventSourceMapping(spec | identity)  # type: ignore[abstract]
    _begin_to_read(mapping)
    return mapping


def _begin_to_read(mapping: Any) -> None:
    """Remember where a mapping of a stream begins: LATEST is what is the latest now."""
    stream = streams.stream_of(mapping.event_source_arn)
    points = streams.starting_points(stream, mapping.starting_position, mapping.starting_position_timestamp)
    lambda_contents[mapping.account_id][mapping.region].checkpoints[mapping.uuid] = points
