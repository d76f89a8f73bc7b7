"""What comes out of an invocation, and the errors that Lambda itself, not the function, reports."""

from __future__ import annotations

import json
import signal
from dataclasses import dataclass, field

LARGEST_PAYLOAD = 6 * 1024 * 1024
"""Largest request of a synchronous invocation, in bytes (Lambda quotas) …"""
LARGEST_RESPONSE = LARGEST_PAYLOAD + 100
"""… and its largest response, by the message of the service."""


@dataclass(frozen=True)
class Completion:
    """How one invocation ended inside its execution environment.

    ``environment_usable`` says whether the environment may take another event; ``peak_memory_mib`` is 0 where
    it is not known.
    """

    payload: bytes
    failed: bool = False
    environment_usable: bool = True
    peak_memory_mib: int = 0
    log_message: str = ""


@dataclass(frozen=True)
class InvocationResult:
    """What the caller of a function gets. ``log_tail`` holds the last 4 KB of the invocation's log."""

    request_id: str
    payload: bytes
    failed: bool
    version: str
    log_tail: bytes = field(repr=False, default=b"")


def timed_out(request_id: str, timeout_seconds: int) -> Completion:
    """The function did not answer in time and was stopped."""
    message = f"Task timed out after {timeout_seconds:.2f} seconds"
    return _ended_by_lambda("Sandbox.Timedout", f"RequestId: {request_id} Error: {message}", message)


def exited(request_id: str, return_code: int) -> Completion:
    """The process ended before it answered; ``return_code`` as subprocess gives it, negative for a signal."""
    if return_code == 0:
        reason = "Runtime exited without providing a reason"
    elif return_code > 0:
        reason = f"Runtime exited with error: exit status {return_code}"
    else:
        reason = f"Runtime exited with error: signal: {_signal_name(-return_code)}"
    return _ended_by_lambda("Runtime.ExitError", f"RequestId: {request_id} Error: {reason}", reason)


def out_of_memory(request_id: str, peak_memory_mib: int, memory_mb: int) -> Completion:
    """The process needed more than the function's memory, for which AWS would have killed it."""
    reason = "Runtime exited with error: signal: killed"
    detail = (
        f"{reason} (it needed {peak_memory_mib} MB and the function has {memory_mb} MB: raise its memory)"
    )
    return _ended_by_lambda("Runtime.OutOfMemory", f"RequestId: {request_id} Error: {reason}", detail)


def not_started(request_id: str, function_name: str, error: Exception) -> Completion:
    """This machine could not start the function: its package or its runtime is not there."""
    message = f"The cloudstage could not start {function_name}: {error}"
    return _ended_by_lambda(
        "Cloudstage.NotStarted", f"RequestId: {request_id} Error: {message}", f"[ERROR] {message}"
    )


def response_too_large() -> Completion:
    """The handler's answer is larger than Lambda passes on."""
    message = f"Response payload size exceeded maximum allowed payload size ({LARGEST_RESPONSE} bytes)."
    return Completion(_error("Function.ResponseSizeTooLarge", message), failed=True)


def _ended_by_lambda(error_type: str, message: str, log_message: str) -> Completion:
    return Completion(
        _error(error_type, message), failed=True, environment_usable=False, log_message=log_message
    )


def _error(error_type: str, message: str) -> bytes:
    return json.dumps({"errorType": error_type, "errorMessage": message}).encode()


def _signal_name(number: int) -> str:
    """Names as Lambda, which is written in Go, prints them."""
    names = {signal.SIGKILL: "killed", signal.SIGSEGV: "segmentation fault", signal.SIGTERM: "terminated"}
    return names.get(signal.Signals(number), signal.Signals(number).name.lower())
