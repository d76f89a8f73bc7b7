"""Execution environments: one process of one function version, one event at a time."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable

from cloudstage.awslambda import results
from cloudstage.awslambda.function import FunctionVersion
from cloudstage.awslambda.logs import FunctionLog
from cloudstage.awslambda.process import FunctionProcess
from cloudstage.awslambda.results import Completion
from cloudstage.awslambda.runtime_api import Event, Exchange, Exited, InitialisationFailed, Ready, RuntimeApi

INITIALISATION_SECONDS = 10
"""What Lambda grants for importing the handler, before the function's own timeout counts."""

StartProcess = Callable[[str, Exchange], FunctionProcess]


class ExecutionEnvironment:
    """A function process that is started with the environment and kept warm between events.

    ``start_process`` gets the address of the Runtime API and the exchange.
    """

    def __init__(self, version: FunctionVersion, log: FunctionLog, start_process: StartProcess) -> None:
        self.version = version
        self.log = log
        self._exchange = Exchange()
        self._api = RuntimeApi(self._exchange)
        self._started_at: float | None = time.monotonic()
        self._process = start_process(self._api.address, self._exchange)

    def invoke(self, event: Event) -> Completion:
        """Let the function handle ``event``; its log gets the lines that Lambda writes around it."""
        self.log.take_tail()
        self.log.write([f"START RequestId: {event.request_id} Version: {self.version.version}"])
        initialisation_ms, problem = self._wait_until_ready(event)
        started_at = time.monotonic()
        outcome = problem or self._handle(event)
        self._process.drain_output()
        self._write_report(event, outcome, (time.monotonic() - started_at) * 1000, initialisation_ms)
        return outcome

    def close(self) -> None:
        """End the process and the Runtime API."""
        self._process.kill()
        self._api.close()

    def _wait_until_ready(self, event: Event) -> tuple[float | None, Completion | None]:
        """The duration of the initialisation in ms, None if it was done before, and what went wrong."""
        if self._started_at is None:
            return None, None
        limit = INITIALISATION_SECONDS + self.version.timeout_seconds
        message = self._exchange.wait(self._started_at + limit - time.monotonic())
        duration_ms = (time.monotonic() - self._started_at) * 1000
        self._started_at = None
        match message:
            case Ready():
                return duration_ms, None
            case InitialisationFailed(payload):
                return duration_ms, Completion(payload, failed=True, environment_usable=False)
            case Exited(return_code):
                return duration_ms, results.exited(event.request_id, return_code)
        return duration_ms, results.timed_out(event.request_id, limit)

    def _handle(self, event: Event) -> Completion:
        deadline = time.monotonic() + self.version.timeout_seconds
        self._exchange.deliver(event)
        outcome: Completion | None = None
        while True:
            match self._exchange.wait(deadline - time.monotonic()):
                case Completion() as outcome:
                    continue  # the process still has to ask for the next event
                case Ready() if outcome:
                    return self._within_memory(event, outcome)
                case Exited() if outcome:
                    return dataclasses.replace(outcome, environment_usable=False)
                case Exited(return_code):
                    return results.exited(event.request_id, return_code)
                case None:
                    return results.timed_out(event.request_id, self.version.timeout_seconds)

    def _within_memory(self, event: Event, outcome: Completion) -> Completion:
        if outcome.peak_memory_mib <= self.version.memory_mb:
            return outcome
        return results.out_of_memory(event.request_id, outcome.peak_memory_mib, self.version.memory_mb)

    def _write_report(
        self, event: Event, outcome: Completion, duration_ms: float, initialisation_ms: float | None
    ) -> None:
        request = f"RequestId: {event.request_id}"
        lines = [f"{event.request_id} {outcome.log_message}"] if outcome.log_message else []
        measurements = [
            f"REPORT {request}",
            f"Duration: {duration_ms:.2f} ms",
            f"Billed Duration: {-int(-duration_ms // 1)} ms",
            f"Memory Size: {self.version.memory_mb} MB",
            f"Max Memory Used: {outcome.peak_memory_mib} MB",
        ]
        if initialisation_ms is not None:
            measurements.append(f"Init Duration: {initialisation_ms:.2f} ms")
        self.log.write([*lines, f"END {request}", "\t".join(measurements) + "\t"])
