"""Asynchronous invocation: accepted now, run later, tried again, and kept when the cloudstage stops.

Source: "How Lambda handles errors and retries with asynchronous invocation" and "Adding a destination" in the
Lambda developer guide.
"""

from __future__ import annotations

import datetime
import json
import logging
import uuid
from functools import partial
from typing import Any

from cloudstage.awslambda.delayed import DelayedCalls
from cloudstage.awslambda.delivery import Delivery, deployed_function
from cloudstage.awslambda.executor import Executor, StoppingError
from cloudstage.awslambda.function import of as describe
from cloudstage.awslambda.pool import NoCapacityError
from cloudstage.awslambda.results import InvocationResult
from cloudstage.context import Context

log = logging.getLogger(__name__)

RETRY_AFTER_SECONDS = (0.5, 1.0)
"""Lambda waits one minute and then two; here somebody is watching."""
WORKERS = 8


class AsynchronousInvoker:
    """Keeps accepted events in moto's Lambda backend until they have been handled, and handles them."""

    def __init__(self, context: Context, executor: Executor) -> None:
        self._context = context
        self._executor = executor
        self._calls = DelayedCalls("lambda-asynchronous", WORKERS)
        self.delivery = Delivery(self.submit)

    def submit(self, function: Any, payload: bytes) -> None:
        """Accept ``payload`` for moto's LambdaFunction ``function``."""
        event_id = str(uuid.uuid4())
        _accepted(self._context)[event_id] = {
            "arn": function.function_arn,
            "payload": payload,
            "attempts": 0,
        }
        self._context.changed()
        self._calls.after(0, partial(self._try, event_id))

    def resume(self) -> None:
        """Take up the events that an earlier run of the cloudstage accepted."""
        for event_id in list(_accepted(self._context)):
            self._calls.after(0, partial(self._try, event_id))

    def stop(self) -> None:
        """Begin no more attempts; what was accepted stays in the backend."""
        self._calls.stop()

    def _try(self, event_id: str) -> None:
        from moto.awslambda.exceptions import UnknownFunctionException

        event = _accepted(self._context)[event_id]
        try:
            function = deployed_function(event["arn"])
            result = self._executor.invoke(function, event["payload"])
        except NoCapacityError:
            self._calls.after(RETRY_AFTER_SECONDS[0], partial(self._try, event_id))
            return
        except UnknownFunctionException:
            log.warning("An event for %s is dropped: the function was deleted meanwhile", event["arn"])
            self._forget(event_id)
            return
        except StoppingError:
            return  # the next run of the cloudstage takes the event up again
        event["attempts"] += 1
        if result.failed and event["attempts"] <= _retries(function):
            delay = RETRY_AFTER_SECONDS[min(event["attempts"], len(RETRY_AFTER_SECONDS)) - 1]
            self._calls.after(delay, partial(self._try, event_id))
            return
        self._conclude(function, event, result)
        self._forget(event_id)

    def _forget(self, event_id: str) -> None:
        _accepted(self._context).pop(event_id, None)
        self._context.changed()

    def _conclude(self, function: Any, event: dict[str, Any], result: InvocationResult) -> None:
        destinations = _event_invoke_config(function).get("DestinationConfig", {})
        destination = destinations.get("OnFailure" if result.failed else "OnSuccess", {}).get("Destination")
        if destination:
            self.delivery.send(destination, json.dumps(_record(function, event, result)))
        dead_letters = (function.get_configuration().get("DeadLetterConfig") or {}).get("TargetArn")
        if result.failed and dead_letters:
            message = json.loads(result.payload).get("errorMessage", "")
            attributes = {"RequestID": result.request_id, "ErrorCode": "200", "ErrorMessage": message[:1024]}
            self.delivery.send(dead_letters, event["payload"].decode(), attributes)


def _accepted(context: Context) -> dict[str, dict[str, Any]]:
    """The accepted events by id, kept in the backend so that the cloudstage's snapshot has them."""
    from moto.awslambda.models import lambda_backends

    backend = lambda_backends[context.account_id][context.region]
    events: dict[str, dict[str, Any]] = backend.__dict__.setdefault("dst_accepted_events", {})
    return events


def _event_invoke_config(function: Any) -> dict[str, Any]:
    configs = function.event_invoke_config
    config: dict[str, Any] = configs[-1].response() if configs else {}
    return config


def _retries(function: Any) -> int:
    return int(_event_invoke_config(function).get("MaximumRetryAttempts", len(RETRY_AFTER_SECONDS)))


def _record(function: Any, event: dict[str, Any], result: InvocationResult) -> dict[str, Any]:
    """The invocation record that a destination receives."""
    response_context = {"statusCode": 200, "executedVersion": result.version}
    if result.failed:
        response_context["functionError"] = "Unhandled"
    return {
        "version": "1.0",
        "timestamp": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z",
        "requestContext": {
            "requestId": result.request_id,
            "functionArn": describe(function).arn,
            "condition": "RetriesExhausted" if result.failed else "Success",
            "approximateInvokeCount": event["attempts"],
        },
        "requestPayload": json.loads(event["payload"]),
        "responseContext": response_context,
        "responsePayload": json.loads(result.payload),
    }
