"""The Invoke operation of the Lambda API, in place of moto's, which needs Docker.

Source: "Invoke" in the AWS Lambda API reference and "Lambda quotas".
"""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import unquote

from cloudstage.awslambda.asynchronous import AsynchronousInvoker
from cloudstage.awslambda.executor import Executor, StoppingError
from cloudstage.awslambda.pool import NoCapacityError
from cloudstage.awslambda.results import LARGEST_PAYLOAD, InvocationResult
from cloudstage.patching import Patch

LARGEST_ASYNCHRONOUS_PAYLOAD = 1024 * 1024

Response = tuple[int, dict[str, str], bytes]


def install(patch: Patch, executor: Executor, asynchronous: AsynchronousInvoker) -> None:
    """Let moto's Lambda API answer Invoke and InvokeAsync by running the function."""
    from moto.awslambda.responses import LambdaResponse

    def invoke(request: Any) -> Response:
        function = _function(request, unquote(request.path.rsplit("/", 2)[-2]))
        kind = request.headers.get("X-Amz-Invocation-Type", "RequestResponse")
        payload = _payload(request, LARGEST_ASYNCHRONOUS_PAYLOAD if kind == "Event" else LARGEST_PAYLOAD)
        if kind == "DryRun":
            return 204, {"status": "204"}, b""
        if kind == "Event":
            asynchronous.submit(function, payload)
            return 202, {"status": "202", "X-Amz-Executed-Version": str(function.version)}, b""
        if kind != "RequestResponse":
            raise _error("InvalidParameterValueException", f"Unknown invocation type {kind}")
        return _invoke_now(request, executor, function, payload)

    def invoke_async(request: Any) -> Response:
        name = unquote(request.path.rstrip("/").rsplit("/", 2)[-2])
        asynchronous.submit(
            request.backend.get_function(name, None), _payload(request, LARGEST_ASYNCHRONOUS_PAYLOAD)
        )
        return 202, {"status": "202"}, b""

    patch.replace(LambdaResponse, "invoke", invoke)
    patch.replace(LambdaResponse, "invoke_async", invoke_async)


def _function(request: Any, name: str) -> Any:
    qualifier = request.querystring.get("Qualifier", [None])[0]
    return request.backend.get_function(name, qualifier)


def _payload(request: Any, largest: int) -> bytes:
    body = request.body.encode() if isinstance(request.body, str) else request.body
    if len(body) > largest:
        message = f"Request must be smaller than {largest} bytes for the InvokeFunction operation"
        raise _error("RequestEntityTooLargeException", message, 413)
    try:
        json.loads(body or b"{}")
    except ValueError as error:
        message = f"Could not parse request body into json: {error}"
        raise _error("InvalidRequestContentException", message) from error
    return body or b"{}"


def _invoke_now(request: Any, executor: Executor, function: Any, payload: bytes) -> Response:
    try:
        result = executor.invoke(function, payload, _client_context(request))
    except NoCapacityError:
        raise _error("TooManyRequestsException", "Rate Exceeded.", 429) from None
    except StoppingError:
        raise _error("ServiceException", "The cloudstage is stopping.", 500) from None
    return 200, _headers(result, with_log=request.headers.get("X-Amz-Log-Type") == "Tail"), result.payload


def _client_context(request: Any) -> str:
    return base64.b64decode(request.headers.get("X-Amz-Client-Context", "")).decode()


def _headers(result: InvocationResult, *, with_log: bool) -> dict[str, str]:
    headers = {
        "Content-Type": "application/json",
        "X-Amz-Executed-Version": result.version,
    }
    if result.failed:
        headers["X-Amz-Function-Error"] = "Unhandled"
    if with_log:
        headers["X-Amz-Log-Result"] = base64.b64encode(result.log_tail).decode()
    return headers


def _error(code: str, message: str, status: int = 400) -> Exception:
    from moto.awslambda.exceptions import LambdaClientError

    error = LambdaClientError(code, message)
    error.code = status
    return error
