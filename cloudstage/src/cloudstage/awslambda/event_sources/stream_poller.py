"""Polls a stream for one mapping and hands batches to its function, in the order of each shard.

Source: "How Lambda processes records from stream and queue-based event sources" and "Retain discarded records" in
the Lambda developer guide.
"""

from __future__ import annotations

import base64
import datetime
import itertools
import json
import logging
import threading
import time
from collections.abc import Sequence
from typing import Any

from cloudstage.awslambda.contents import LambdaContents, lambda_contents
from cloudstage.awslambda.delivery import Delivery, deployed_function, is_bucket
from cloudstage.awslambda.event_sources.queues import LONGEST_WINDOW_SECONDS, Wakeups
from cloudstage.awslambda.event_sources.selection import first_failed, wanted
from cloudstage.awslambda.event_sources.streams import StreamRecord, stream_of
from cloudstage.awslambda.executor import FunctionExecutor, StoppingError
from cloudstage.awslambda.results import InvocationResult
from cloudstage.context import Context

log = logging.getLogger(__name__)

RETRY_AFTER_SECONDS = 0.5
"""Twice as long after each further failure …"""
LONGEST_RETRY_SECONDS = 60.0
"""… but no longer than this: a batch that always fails holds up its shard for good, unless limits are set."""
UNLIMITED = -1


class StreamPoller:
    """Serves ``mapping``, moto's EventSourceMapping, with a thread for each shard, until stopped."""

    def __init__(
        self,
        context: Context,
        mapping: Any,
        executor: FunctionExecutor,
        wakeups: Wakeups,
        delivery: Delivery,
    ) -> None:
        self._context = context
        self._mapping = mapping
        self._executor = executor
        self._delivery = delivery
        self._wakeups = wakeups
        self._stream = stream_of(mapping.event_source_arn)
        self._woken: dict[str, threading.Event] = {}
        self._lock = threading.Lock()
        self._stopped = False
        self._read_new_shards()

    def stop(self) -> None:
        """Read no more. A batch that is being handled is brought to its end."""
        self._stopped = True
        with self._lock:
            for woken in self._woken.values():
                woken.set()
                self._wakeups.unsubscribe(self._stream.arn, woken)

    def _read_new_shards(self) -> None:
        with self._lock:
            for shard in self._stream.shards():
                if shard not in self._woken and not self._stopped:
                    self._woken[shard] = self._wakeups.subscribe(self._stream.arn)
                    threading.Thread(
                        target=self._run, args=(shard,), name="lambda-shard", daemon=True
                    ).start()

    def _run(self, shard: str) -> None:
        woken = self._woken[shard]
        while not self._stopped:
            woken.clear()
            self._read_new_shards()
            if batch := self._next_batch(shard, woken):
                self._handle(shard, batch)
            else:
                woken.wait()

    def _next_batch(self, shard: str, woken: threading.Event) -> list[StreamRecord]:
        """Up to a batch of records, waiting for the batching window once there is one."""
        end = time.monotonic() + min(float(self._mapping.max_batch_window or 0), LONGEST_WINDOW_SECONDS)
        while True:
            after = self._checkpoints.get(shard, -1)
            batch = list(itertools.islice(self._stream.records(shard, after), self._mapping.batch_size))
            left = end - time.monotonic()
            if not batch or len(batch) == self._mapping.batch_size or left <= 0 or self._stopped:
                return batch
            woken.wait(left)
            woken.clear()

    def _handle(self, shard: str, batch: Sequence[StreamRecord]) -> bool:
        """Bring ``batch`` to its end, handled or given up. False if it was left because all stops."""
        failures = 0
        while not self._stopped:
            try:
                failed_from, result = self._invoke(batch)
            except StoppingError:
                return False  # the next run of the cloudstage reads the records again
            if handled := batch[:failed_from]:
                self._set_checkpoint(shard, handled[-1])
            if failed_from == len(batch):
                return True
            batch, failures = batch[failed_from:], (1 if handled else failures + 1)
            if condition := self._why_to_give_up(batch, failures):
                self._discard(shard, batch, condition, failures, result)
                return True
            if self._mapping.bisect_on_error and not handled and len(batch) > 1:
                middle = len(batch) // 2
                return self._handle(shard, batch[:middle]) and self._handle(shard, batch[middle:])
            self._wait_to_retry(shard, failures)
        return False

    def _invoke(self, batch: Sequence[StreamRecord]) -> tuple[int, InvocationResult | None]:
        """From which record on the function failed (its index; the length of the batch if it did not)."""
        records = [record for record in batch if wanted(record.event, self._mapping.filter_criteria)]
        if not records:
            return len(batch), None
        result = None
        try:
            function = deployed_function(self._mapping.function_arn)
            payload = json.dumps({"Records": self._as_delivered(records)}, default=_encoded).encode()
            result = self._executor.invoke(function, payload, invoked_arn=self._mapping.function_arn)
        except StoppingError:
            raise
        except Exception as error:  # whatever keeps a function from running, its records stay
            log.warning("%s took no records of %s: %s", self._mapping.function_arn, self._stream.arn, error)
        if result is None or result.failed:
            self._remember_result("PROBLEM: Function call failed")
            return 0, result
        self._remember_result("OK")
        if "ReportBatchItemFailures" not in (self._mapping.function_response_types or []):
            return len(batch), result
        return first_failed(result.payload, [str(record.sequence) for record in batch]), result

    def _why_to_give_up(self, batch: Sequence[StreamRecord], failures: int) -> str:
        longest_age = _limit(self._mapping.max_record_age)
        if longest_age is not None and time.time() - batch[0].arrived_at > longest_age:
            return "RecordAgeExceeded"
        retries = _limit(self._mapping.max_retry_attempts)
        splits = self._mapping.bisect_on_error and len(batch) > 1
        return "RetryAttemptsExhausted" if retries is not None and failures > retries and not splits else ""

    def _discard(
        self,
        shard: str,
        batch: Sequence[StreamRecord],
        condition: str,
        failures: int,
        result: InvocationResult | None,
    ) -> None:
        """Go on behind ``batch``; its place in the stream goes to the destination, if there is one."""
        destination = ((self._mapping.destination_config or {}).get("OnFailure") or {}).get("Destination")
        if destination:
            notice = self._notice(shard, batch, condition, failures, result)
            if is_bucket(destination):
                notice["payload"] = {"Records": self._as_delivered(batch)}
            folder = f"aws/lambda/{self._mapping.uuid}/{shard}"
            self._delivery.send(destination, json.dumps(notice, default=_encoded), folder=folder)
        self._set_checkpoint(shard, batch[-1])

    def _notice(
        self,
        shard: str,
        batch: Sequence[StreamRecord],
        condition: str,
        failures: int,
        result: InvocationResult | None,
    ) -> dict[str, Any]:
        """What the destination gets."""
        function = deployed_function(self._mapping.function_arn)
        precision = self._stream.arrival_precision
        return {
            "requestContext": {
                "requestId": result.request_id if result else "",
                "functionArn": self._mapping.function_arn,
                "condition": condition,
                "approximateInvokeCount": failures,
            },
            "responseContext": {
                "statusCode": 200,
                "executedVersion": str(function.version),
                "functionError": "Unhandled" if result is None or result.failed else None,
            },
            "version": "1.0",
            "timestamp": _iso(time.time()),
            self._stream.batch_info: {
                "shardId": shard,
                "startSequenceNumber": str(batch[0].sequence),
                "endSequenceNumber": str(batch[-1].sequence),
                "approximateArrivalOfFirstRecord": _iso(batch[0].arrived_at, precision),
                "approximateArrivalOfLastRecord": _iso(batch[-1].arrived_at, precision),
                "batchSize": len(batch),
                "streamArn": self._stream.arn,
            },
        }

    def _as_delivered(self, batch: Sequence[StreamRecord]) -> list[dict[str, Any]]:
        role = deployed_function(self._mapping.function_arn).role
        return [self._stream.as_delivered(record.event, role) for record in batch]

    def _wait_to_retry(self, shard: str, failures: int) -> None:
        end = time.monotonic() + min(RETRY_AFTER_SECONDS * 2 ** (failures - 1), LONGEST_RETRY_SECONDS)
        while not self._stopped and (left := end - time.monotonic()) > 0:
            self._woken[shard].wait(left)
            self._woken[shard].clear()

    def _set_checkpoint(self, shard: str, record: StreamRecord) -> None:
        self._checkpoints[shard] = record.sequence
        self._context.changed()

    def _remember_result(self, result: str) -> None:
        self._contents.last_processing_results[self._mapping.uuid] = result

    @property
    def _checkpoints(self) -> dict[str, int]:
        return self._contents.checkpoints.setdefault(self._mapping.uuid, {})

    @property
    def _contents(self) -> LambdaContents:
        return lambda_contents[self._mapping.account_id][self._mapping.region]


def _encoded(value: Any) -> str:
    """What JSON has no form for: binary attributes of a table's items are base64, as in all of AWS's JSON."""
    return base64.b64encode(value).decode() if isinstance(value, bytes) else str(value)


def _limit(value: int | None) -> int | None:
    return None if value is None or int(value) == UNLIMITED else int(value)


def _iso(moment: float, precision: str = "milliseconds") -> str:
    return datetime.datetime.fromtimestamp(moment, datetime.UTC).isoformat(timespec=precision)[:-6] + "Z"
