"""The Runtime API as HTTP calls over one connection that is kept open."""

from __future__ import annotations

import http.client
import json
import re
import resource
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PREFIX = "/2018-06-01/runtime"


@dataclass(frozen=True)
class Invocation:
    """One event for the handler. ``deadline_ms`` is Unix time in milliseconds."""

    request_id: str
    event: bytes
    deadline_ms: int
    function_arn: str
    client_context: dict[str, Any] | None


class RuntimeApi:
    """Calls of the Runtime API at ``address`` (``host:port``, from ``AWS_LAMBDA_RUNTIME_API``)."""

    def __init__(self, address: str) -> None:
        self._connection = http.client.HTTPConnection(address)

    def next_invocation(self) -> Invocation:
        """Wait for the next event; there is no time limit, as the environment may stay idle for long."""
        headers, body = self._call("GET", "/invocation/next")
        client_context = headers.get("Lambda-Runtime-Client-Context")
        return Invocation(
            request_id=headers["Lambda-Runtime-Aws-Request-Id"],
            event=body,
            deadline_ms=int(headers["Lambda-Runtime-Deadline-Ms"]),
            function_arn=headers["Lambda-Runtime-Invoked-Function-Arn"],
            client_context=json.loads(client_context) if client_context else None,
        )

    def respond(self, request_id: str, response: bytes) -> None:
        """Send what the handler returned."""
        self._call("POST", f"/invocation/{request_id}/response", response, _peak_memory())

    def fail(self, request_id: str, error: dict[str, Any]) -> None:
        """Send the error that the handler raised."""
        self._send_error(f"/invocation/{request_id}/error", error)

    def fail_initialisation(self, error: dict[str, Any]) -> None:
        """Send the error that kept the handler from being loaded."""
        self._send_error("/init/error", error)

    def _send_error(self, path: str, error: dict[str, Any]) -> None:
        headers = {"Lambda-Runtime-Function-Error-Type": str(error["errorType"])}
        self._call("POST", path, json.dumps(error).encode(), headers | _peak_memory())

    def _call(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[http.client.HTTPMessage, bytes]:
        self._connection.request(method, PREFIX + path, body, headers or {})
        response = self._connection.getresponse()
        return response.headers, response.read()


def _peak_memory() -> dict[str, str]:
    """A header beyond the protocol: on AWS the sandbox is measured from outside, which needs its cgroup."""
    return {"Cloudstage-Peak-Memory-Mib": str(peak_resident_mib())}


def peak_resident_mib() -> int:
    """The largest resident size of this process so far, in MiB, rounded up.

    On Linux from ``VmHWM``, because ``ru_maxrss`` there survives ``exec`` and would report the parent's size.
    """
    if sys.platform == "linux":
        match = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
        kibibytes = int(match[1]) if match else 0
    else:
        kibibytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024  # macOS counts bytes
    return -(-kibibytes // 1024)
