"""Polls one queue for one mapping and hands batches to its function."""

from __future__ import annotations

import json
import logging
import os
import threading
import time
from typing import Any

from cloudstage.awslambda.contents import lambda_contents
from cloudstage.awslambda.delivery import deployed_function
from cloudstage.awslambda.event_sources.queues import (
    LONGEST_WINDOW_SECONDS,
    SourceQueue,
    Wakeups,
    portions,
    record,
)
from cloudstage.awslambda.event_sources.selection import failed_ids, wanted, with_followers
from cloudstage.awslambda.executor import FunctionExecutor, StoppingError
from cloudstage.context import Context

log = logging.getLogger(__name__)

RETRY_AFTER_SECONDS: int | None = None
"""When messages of a failed batch are tried again. None, as on AWS: when the queue's visibility timeout ends."""
PAUSE_AFTER_PROBLEM_SECONDS = 1.0
CONCURRENT_BATCHES = min(5, os.cpu_count() or 1)
"""Lambda begins with five."""


class QueuePoller:
    """Serves ``mapping``, moto's EventSourceMapping, in threads until stopped."""

    def __init__(self, context: Context, mapping: Any, executor: FunctionExecutor, wakeups: Wakeups) -> None:
        self._context = context
        self._mapping = mapping
        self._executor = executor
        self._wakeups = wakeups
        self._queue = SourceQueue(mapping.event_source_arn)
        self._woken = wakeups.subscribe(self._queue.arn)
        self._stopped = False
        self._slots = threading.Semaphore(_concurrency(mapping))
        threading.Thread(target=self._run, name="lambda-poller", daemon=True).start()

    def stop(self) -> None:
        """Receive no more. A batch that is being handled is brought to its end."""
        self._stopped = True
        self._woken.set()
        self._wakeups.unsubscribe(self._queue.arn, self._woken)

    def _run(self) -> None:
        while not self._stopped:
            self._slots.acquire()
            batch = self._wait_for_batch()
            self._in_flight.update(message.id for message in batch)
            threading.Thread(target=self._handle, args=(batch,), name="lambda-batch", daemon=True).start()

    def _wait_for_batch(self) -> list[Any]:
        """Messages, none only when stopped."""
        while True:
            self._woken.clear()
            if self._stopped:
                return []
            try:
                if batch := self._queue.receive(self._mapping.batch_size):
                    return self._fill(batch)
                pause = self._queue.seconds_until_next()
            except Exception:  # whatever moto raises, the queue must not be left for good
                log.exception("Nothing could be received from %s; it is tried again", self._queue.arn)
                pause = PAUSE_AFTER_PROBLEM_SECONDS
            self._woken.wait(pause)

    def _fill(self, batch: list[Any]) -> list[Any]:
        """Add to ``batch`` what arrives during the batching window."""
        window = min(float(self._mapping.max_batch_window or 0), LONGEST_WINDOW_SECONDS)
        end = time.monotonic() + window
        while (
            len(batch) < self._mapping.batch_size
            and (left := end - time.monotonic()) > 0
            and not self._stopped
        ):
            self._woken.wait(left)
            self._woken.clear()
            batch = batch + self._queue.receive(self._mapping.batch_size - len(batch))
        return batch

    def _handle(self, batch: list[Any]) -> None:
        try:
            chosen: list[dict[str, Any]] = []
            dropped: list[dict[str, Any]] = []
            for entry in (record(message, self._queue.arn) for message in batch):
                (chosen if wanted(entry, self._mapping.filter_criteria) else dropped).append(entry)
            self._queue.delete([entry["receiptHandle"] for entry in dropped])
            self._in_flight.difference_update(entry["messageId"] for entry in dropped)
            for portion in portions(chosen):
                self._invoke(portion)
        finally:
            self._slots.release()

    def _invoke(self, records: list[dict[str, Any]]) -> None:
        failed = {entry["messageId"] for entry in records}
        try:
            function = deployed_function(self._mapping.function_arn)
            result = self._executor.invoke(
                function, json.dumps({"Records": records}).encode(), invoked_arn=self._mapping.function_arn
            )
            if not result.failed:
                failed = self._failed(result.payload, failed)
        except StoppingError:
            return  # the next run of the cloudstage takes the messages up again
        except Exception as error:  # whatever keeps a function from running, its messages stay
            log.warning("%s took no messages of %s: %s", self._mapping.function_arn, self._queue.arn, error)
        if self._queue.is_fifo:
            failed = with_followers(records, failed)
        self._queue.delete([e["receiptHandle"] for e in records if e["messageId"] not in failed])
        self._keep([e["receiptHandle"] for e in records if e["messageId"] in failed])
        self._in_flight.difference_update(entry["messageId"] for entry in records)
        self._context.changed()

    @property
    def _in_flight(self) -> set[str]:
        contents = lambda_contents[self._mapping.account_id][self._mapping.region]
        return contents.in_flight.setdefault(self._mapping.uuid, set())

    def _keep(self, receipt_handles: list[str]) -> None:
        if RETRY_AFTER_SECONDS is None:
            self._queue.align(receipt_handles)
        else:
            self._queue.release(receipt_handles, RETRY_AFTER_SECONDS)

    def _failed(self, response: bytes, batch: set[str]) -> set[str]:
        if "ReportBatchItemFailures" not in (self._mapping.function_response_types or []):
            return set()
        return failed_ids(response, batch)


def _concurrency(mapping: Any) -> int:
    limit = (mapping.scaling_config or {}).get("MaximumConcurrency")
    return min(CONCURRENT_BATCHES, int(limit)) if limit else CONCURRENT_BATCHES
