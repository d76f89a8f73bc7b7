"""Where functions are invoked: Lambda's Invoke operation, and moto's own calls.

moto would run a function in Docker.

Source: "Invoke" in the AWS Lambda API reference and "Lambda quotas".
"""

from __future__ import annotations

import base64
import json
import uuid
from typing import Any
from urllib.parse import unquote

from cloudstage.awslambda.asynchronous import AsynchronousInvoker
from cloudstage.awslambda.executor import FunctionExecutor, StoppingError
from cloudstage.awslambda.function import arn_as_invoked
from cloudstage.awslambda.pool import NoCapacityError
from cloudstage.awslambda.results import LARGEST_PAYLOAD, InvocationResult
from cloudstage.patching import Patch

LARGEST_ASYNCHRONOUS_PAYLOAD = 1024 * 1024
REQUEST_ID = "x-amzn-requestid"

Response = tuple[int, dict[str, str], bytes]


def install(patch: Patch, executor: FunctionExecutor, asynchronous: AsynchronousInvoker) -> None:
    """Run functions wherever moto would look for Docker."""
    _install_api(patch, executor, asynchronous)
    _install_calls(patch, executor, asynchronous)


def _install_api(patch: Patch, executor: FunctionExecutor, asynchronous: AsynchronousInvoker) -> None:
    """Let moto's Lambda API answer Invoke and InvokeAsync by running the function."""
    from moto.awslambda.responses import LambdaResponse

    set_up = LambdaResponse.setup_class
    add_request_id = LambdaResponse._enrich_response

    def invoke(request: Any) -> Response:
        name = unquote(request.path.rsplit("/", 2)[-2])
        qualifier = request.querystring.get("Qualifier", [None])[0]
        function = request.backend.get_function(name, qualifier or "$LATEST")
        invoked_arn = arn_as_invoked(function, name, qualifier)
        kind = request.headers.get("X-Amz-Invocation-Type", "RequestResponse")
        payload = _payload(request, LARGEST_ASYNCHRONOUS_PAYLOAD if kind == "Event" else LARGEST_PAYLOAD)
        if kind == "DryRun":
            return 204, {"status": "204"}, b""
        if kind == "Event":
            request_id = asynchronous.submit(invoked_arn, payload)
            return 202, {"status": "202", REQUEST_ID: request_id}, b""
        if kind != "RequestResponse":
            raise _error("InvalidParameterValueException", f"Unknown invocation type {kind}")
        return _invoke_now(request, executor, function, invoked_arn, payload)

    def setup(response: Any, request: Any, url: Any, headers: Any, use_raw_body: bool | None = None) -> None:
        """moto would decode the body, which is an error of the server where it is no text."""
        is_payload = request.path.rstrip("/").endswith(("/invocations", "/invoke-async"))
        set_up(response, request, url, headers, is_payload or use_raw_body)

    def enrich(headers: dict[str, str], body: Any) -> tuple[dict[str, str], Any]:
        """A UUID; in the answer to Invoke the one that the function sees and logs. moto makes another."""
        given = headers.get(REQUEST_ID) or str(uuid.uuid4())
        headers, body = add_request_id(headers, body)
        return headers | {REQUEST_ID: given}, body

    def invoke_async(request: Any) -> Response:
        name = unquote(request.path.rstrip("/").rsplit("/", 2)[-2])
        payload = _payload(request, LARGEST_ASYNCHRONOUS_PAYLOAD)
        asynchronous.submit(request.backend.get_function(name, None).function_arn, payload)
        return 202, {"status": "202"}, b""

    patch.replace(LambdaResponse, "setup_class", setup)
    patch.replace(LambdaResponse, "_enrich_response", staticmethod(enrich))
    patch.replace(LambdaResponse, "invoke", invoke)
    patch.replace(LambdaResponse, "invoke_async", invoke_async)


def _payload(request: Any, largest: int) -> bytes:
    body: bytes = request.body
    if len(body) > largest:
        message = f"Request must be smaller than {largest} bytes for the InvokeFunction operation"
        raise _error("RequestEntityTooLargeException", message, 413)
    try:
        json.loads((body or b"{}").decode())
    except ValueError as error:
        message = f"Could not parse request body into json: Could not parse payload into json: {error}"
        raise _error("InvalidRequestContentException", message) from error
    return body or b"{}"


def _invoke_now(
    request: Any, executor: FunctionExecutor, function: Any, invoked_arn: str, payload: bytes
) -> Response:
    try:
        result = executor.invoke(
            function, payload, invoked_arn=invoked_arn, client_context=_client_context(request)
        )
    except NoCapacityError:
        raise _throttled(function) from None
    except StoppingError:
        raise _error("ServiceException", "The cloudstage is stopping.", 500) from None
    return 200, _headers(result, with_log=request.headers.get("X-Amz-Log-Type") == "Tail"), result.payload


def _throttled(function: Any) -> Exception:
    """As clients see it, with the reason: the function's own limit, or that of all functions together."""
    reserved = function.reserved_concurrency is not None
    reason = "ReservedFunctionConcurrent" if reserved else "Concurrent"
    error: Any = _error("TooManyRequestsException", "Rate Exceeded.", 429)
    body = json.loads(error.description) | {"Reason": f"{reason}InvocationLimitExceeded"}
    error.description = json.dumps(body)
    return error  # type: ignore[no-any-return]


def _client_context(request: Any) -> str:
    return base64.b64decode(request.headers.get("X-Amz-Client-Context", "")).decode()


def _headers(result: InvocationResult, *, with_log: bool) -> dict[str, str]:
    headers = {
        "Content-Type": "application/json",
        REQUEST_ID: result.request_id,
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


def _install_calls(patch: Patch, executor: FunctionExecutor, asynchronous: AsynchronousInvoker) -> None:
    """Let moto's own calls run functions as the API does; moto would look for Docker."""
    from moto.awslambda.models import LambdaBackend, LambdaFunction

    delete = LambdaBackend.delete_function

    def start(function: Any, body: Any, _request_headers: Any, _response_headers: Any) -> str:
        """For streams and log subscriptions: they don't want the result and must not wait for it."""
        asynchronous.submit(function.function_arn, _encoded(body))
        return ""

    def invoke(  # noqa: PLR0913, PLR0917 (moto's signature)
        backend: Any,
        function_name: str,
        qualifier: str | None,
        body: Any,
        headers: Any,
        response_headers: Any,
    ) -> bytes:
        """For workflows, which need the result."""
        function = backend.get_function(function_name, qualifier)
        invoked_arn = arn_as_invoked(function, function_name, qualifier)
        result = executor.invoke(function, _encoded(body), invoked_arn=invoked_arn)
        if result.failed:
            response_headers["x-amz-function-error"] = "Unhandled"
        return result.payload

    def delete_function(backend: Any, function_name: str, qualifier: str | None = None) -> None:
        name = backend.get_function(function_name, qualifier).function_name
        delete(backend, function_name, qualifier)
        executor.forget(name)

    patch.replace(LambdaFunction, "invoke", start)
    patch.replace(LambdaBackend, "invoke", invoke)
    patch.replace(LambdaBackend, "delete_function", delete_function)


def _encoded(body: Any) -> bytes:
    if isinstance(body, bytes):
        return body or b"{}"
    return (body if isinstance(body, str) else json.dumps(body)).encode() or b"{}"
