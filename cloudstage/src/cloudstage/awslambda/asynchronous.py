"""Asynchronous invocation: accepted now, run later, tried again, and kept when the cloudstage stops.

Source: "How Lambda handles errors and retries with asynchronous invocation" and "Adding a destination" in the
Lambda developer guide.
"""

from __future__ import annotations

import datetime
import heapq
import itertools
import json
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from cloudstage.awslambda.contents import AcceptedEvent, lambda_contents
from cloudstage.awslambda.delivery import Attribute, Delivery, deployed_function
from cloudstage.awslambda.executor import FunctionExecutor, StoppingError
from cloudstage.awslambda.function import of as describe
from cloudstage.awslambda.pool import NoCapacityError
from cloudstage.awslambda.results import InvocationResult
from cloudstage.context import Context

log = logging.getLogger(__name__)

RETRY_AFTER_SECONDS = (0.5, 1.0)
"""Here somebody is watching …"""
RETRY_AFTER_SECONDS_ON_AWS = (60.0, 120.0)
"""… and an event ages as if it had waited as long as on AWS."""
LONGEST_AGE_SECONDS = 6 * 60 * 60
WORKERS = 8

Call = Callable[[], None]


class AsynchronousInvoker:
    """Keeps accepted events until they have been handled, and handles them."""

    def __init__(self, context: Context, executor: FunctionExecutor) -> None:
        self._context = context
        self._executor = executor
        self._calls = DelayedCalls("lambda-asynchronous", WORKERS)
        self.delivery = Delivery(self.submit)

    def submit(self, function_arn: str, payload: bytes) -> str:
        """Accept ``payload`` for the function, version or alias ``function_arn``; the request id.

        Raises moto's UnknownFunctionException.
        """
        deployed_function(function_arn)
        event = AcceptedEvent(function_arn, payload)
        self._accepted[event.request_id] = event
        self._context.changed()
        self._calls.after(0, partial(self._try, event))
        return event.request_id

    def resume(self) -> None:
        """Take up the events that an earlier run of the cloudstage accepted; they have not aged meanwhile."""
        for event in list(self._accepted.values()):
            event.accepted_at = time.time()
            self._calls.after(0, partial(self._try, event))

    def stop(self) -> None:
        """Begin no more attempts; the next run of the cloudstage takes up what was accepted."""
        self._calls.stop()

    @property
    def _accepted(self) -> dict[str, AcceptedEvent]:
        return lambda_contents[self._context.account_id][self._context.region].accepted_events

    def _try(self, event: AcceptedEvent) -> None:
        from moto.awslambda.exceptions import UnknownFunctionException

        try:
            function = deployed_function(event.function_arn)
            if describe(function).concurrency == 0:
                self._give_up(function, event, "ZeroReservedConcurrency")
                return
            if event.age_seconds >= _longest_age(event):
                self._give_up(function, event, "EventAgeExceeded")
                return
            result = self._executor.invoke(
                function, event.payload, request_id=event.request_id, invoked_arn=event.function_arn
            )
        except NoCapacityError:
            self._calls.after(RETRY_AFTER_SECONDS[0], partial(self._try, event))
            return
        except UnknownFunctionException:
            log.warning("An event for %s is dropped: the function was deleted meanwhile", event.function_arn)
            self._forget(event)
            return
        except StoppingError:
            return  # the next run of the cloudstage takes the event up again
        event.attempts += 1
        if result.failed:
            self._try_again(function, event, result)
        else:
            self._conclude(function, event, "OnSuccess", _record(function, event, "Success", result))

    def _try_again(self, function: Any, event: AcceptedEvent, result: InvocationResult) -> None:
        """Later, unless that was the last attempt, or the event will be too old by then."""
        if event.attempts > _retries(event):
            self._give_up(function, event, "RetriesExhausted", result)
            return
        wait = min(event.attempts, len(RETRY_AFTER_SECONDS)) - 1
        event.skipped_seconds += RETRY_AFTER_SECONDS_ON_AWS[wait] - RETRY_AFTER_SECONDS[wait]
        if event.age_seconds + RETRY_AFTER_SECONDS[wait] >= _longest_age(event):
            self._give_up(function, event, "EventAgeExceeded", result)
            return
        self._calls.after(RETRY_AFTER_SECONDS[wait], partial(self._try, event))

    def _give_up(
        self, function: Any, event: AcceptedEvent, condition: str, result: InvocationResult | None = None
    ) -> None:
        dead_letters = (function.get_configuration().get("DeadLetterConfig") or {}).get("TargetArn")
        if dead_letters:
            attributes = _dead_letter_attributes(event, condition, result)
            self.delivery.send(dead_letters, event.payload.decode(), attributes)
        self._conclude(function, event, "OnFailure", _record(function, event, condition, result))

    def _conclude(self, function: Any, event: AcceptedEvent, way: str, record: dict[str, Any]) -> None:
        destinations = _config(event).get("DestinationConfig", {})
        if destination := destinations.get(way, {}).get("Destination"):
            folder = f"aws/lambda/async/{function.function_name}"
            self.delivery.send(destination, json.dumps(record), folder=folder)
        self._forget(event)

    def _forget(self, event: AcceptedEvent) -> None:
        self._accepted.pop(event.request_id, None)
        self._context.changed()


def _config(event: AcceptedEvent) -> dict[str, Any]:
    """What was set for the version or alias that was invoked; empty if nothing was, or the function is deleted."""
    from moto.awslambda.exceptions import UnknownFunctionException

    *unqualified, name, qualifier = [*event.function_arn.split(":"), "$LATEST"][:8]
    arn = ":".join([*unqualified, name])
    try:
        kept = deployed_function(arn).event_invoke_config
    except UnknownFunctionException:
        return {}
    return next((config.response() for config in kept if config.arn == f"{arn}:{qualifier}"), {})


def _retries(event: AcceptedEvent) -> int:
    return int(_config(event).get("MaximumRetryAttempts", len(RETRY_AFTER_SECONDS)))


def _longest_age(event: AcceptedEvent) -> int:
    return int(_config(event).get("MaximumEventAgeInSeconds", LONGEST_AGE_SECONDS))


def _dead_letter_attributes(
    event: AcceptedEvent, condition: str, result: InvocationResult | None
) -> dict[str, Attribute]:
    """``ErrorCode`` is the HTTP status of the last attempt: 200, as a function that fails has been reached."""
    message = json.loads(result.payload).get("errorMessage", "") if result else condition
    return {
        "RequestID": ("String", event.request_id),
        "ErrorCode": ("Number", "200" if result else "429"),
        "ErrorMessage": ("String", message[:1024] or condition),
    }


def _record(
    function: Any, event: AcceptedEvent, condition: str, result: InvocationResult | None
) -> dict[str, Any]:
    """The invocation record that a destination receives; it has no response if nothing ran."""
    record = {
        "version": "1.0",
        "timestamp": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z",
        "requestContext": {
            "requestId": event.request_id,
            "functionArn": describe(function).arn,
            "condition": condition,
            "approximateInvokeCount": event.attempts,
        },
        "requestPayload": json.loads(event.payload),
    }
    if result:
        context = {"statusCode": 200, "executedVersion": result.version}
        record["responseContext"] = context | ({"functionError": "Unhandled"} if result.failed else {})
        record["responsePayload"] = json.loads(result.payload)
    return record


class DelayedCalls:
    """Makes calls in up to ``workers`` threads, each no earlier than it is due. Idle, it costs nothing."""

    def __init__(self, name: str, workers: int) -> None:
        self._workers = ThreadPoolExecutor(workers, thread_name_prefix=name)
        self._due: list[tuple[float, int, Call]] = []
        self._order = itertools.count()
        self._changed = threading.Condition()
        self._stopped = False
        threading.Thread(target=self._run, name=name, daemon=True).start()

    def after(self, seconds: float, call: Call) -> None:
        """Make ``call`` in ``seconds`` or later; not at all once stopped."""
        with self._changed:
            heapq.heappush(self._due, (time.monotonic() + seconds, next(self._order), call))
            self._changed.notify()

    def stop(self) -> None:
        """Begin no further call."""
        with self._changed:
            self._stopped = True
            self._changed.notify()
        self._workers.shutdown(wait=False, cancel_futures=True)

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._stopped and (wait := self._seconds_until_due()) != 0.0:
                    self._changed.wait(wait)
                if self._stopped:
                    return
                _, _, call = heapq.heappop(self._due)
                self._workers.submit(_logged, call)

    def _seconds_until_due(self) -> float | None:
        return max(0.0, self._due[0][0] - time.monotonic()) if self._due else None


def _logged(call: Call) -> None:
    try:
        call()
    except Exception:  # nobody waits for the result of these calls, so it would be lost
        log.exception("A call in the background failed")
