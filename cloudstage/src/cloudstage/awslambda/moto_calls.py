"""Where moto itself invokes, starts or deletes functions, not through the Lambda API."""

from __future__ import annotations

import json
from typing import Any

from cloudstage.awslambda.asynchronous import AsynchronousInvoker
from cloudstage.awslambda.executor import Executor
from cloudstage.patching import Patch


def install(patch: Patch, executor: Executor, asynchronous: AsynchronousInvoker) -> None:
    """Let moto's own calls run functions as the API does; moto would look for Docker."""
    from moto.awslambda.models import LambdaBackend, LambdaFunction

    delete = LambdaBackend.delete_function

    def start(function: Any, body: Any, _request_headers: Any, _response_headers: Any) -> str:
        """For streams and log subscriptions: they don't want the result and must not wait for it."""
        asynchronous.submit(function, _encoded(body))
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
        result = executor.invoke(backend.get_function(function_name, qualifier), _encoded(body))
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
