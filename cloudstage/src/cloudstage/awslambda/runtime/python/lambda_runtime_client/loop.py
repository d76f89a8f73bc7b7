"""Load the handler once, then serve events until the process is ended."""

from __future__ import annotations

import http.client
import json
import os
import sys
from decimal import Decimal
from typing import Any

from . import handler, logs
from .api import Invocation, RuntimeApi
from .handler import LambdaContext, RuntimeFaultError, as_text, describe

FIRST_PYTHON_WITH_UTF_8 = 12


def serve() -> None:
    """Be the main loop of a function's process."""
    sys.path.insert(0, os.environ["LAMBDA_TASK_ROOT"])
    logs.configure()
    api = RuntimeApi(os.environ["AWS_LAMBDA_RUNTIME_API"])
    function = _initialise(api)
    try:
        while True:
            _handle(api, function, api.next_invocation())
    except (OSError, http.client.HTTPException):
        sys.exit("The Runtime API has gone: the environment is being shut down.")


def _initialise(api: RuntimeApi) -> handler.Handler:
    try:
        return handler.load(os.environ["_HANDLER"])
    except Exception as error:  # whatever the function's module raises is reported, not judged
        report = describe(error)
        _log(report)
        api.fail_initialisation(report)
        sys.exit(1)


def _handle(api: RuntimeApi, function: handler.Handler, invocation: Invocation) -> None:
    logs.begin(invocation.request_id)
    try:
        response = _encode(function(_decode(invocation.event), LambdaContext(invocation)))
    except Exception as error:  # whatever the handler raises is the function's error; the loop goes on
        report = describe(error, invocation.request_id)
        _log(report)
        api.fail(invocation.request_id, report)
    else:
        logs.flush()
        api.respond(invocation.request_id, response)


def _log(report: dict[str, Any]) -> None:
    logs.write_event(as_text(report))
    logs.flush()


def _decode(event: bytes) -> Any:
    try:
        return json.loads(event)
    except ValueError as error:
        raise RuntimeFaultError("Runtime.UnmarshalError", f"Unable to unmarshal input: {error}") from error


def _encode(response: Any) -> bytes:
    """The response as JSON. Until Python 3.11, Lambda writes ASCII alone."""
    try:
        return json.dumps(_plain(response), ensure_ascii=_writes_ascii(), default=_encode_decimal).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise RuntimeFaultError("Runtime.MarshalError", f"Unable to marshal response: {error}") from error


def _plain(value: Any) -> Any:
    """``value`` as Lambda's encoder, simplejson, takes it: bytes are UTF-8 text, a named tuple is an object."""
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, dict):
        return {_plain(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return _plain(value._asdict())
    if isinstance(value, (list, tuple)):
        return [_plain(entry) for entry in value]
    return value


def _writes_ascii() -> bool:
    version = os.environ["AWS_EXECUTION_ENV"].rpartition("python")[2]
    return int(version.partition(".")[2]) < FIRST_PYTHON_WITH_UTF_8


def _encode_decimal(value: Any) -> float:
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")
