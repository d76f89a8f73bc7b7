"""The function's handler: find it, give it its context object, describe its errors."""

from __future__ import annotations

import importlib
import os
import time
import traceback
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from .api import Invocation

TASK_ROOT = "/var/task"


class RuntimeFaultError(Exception):
    """The runtime can't go on with this function; ``error_type`` is Lambda's name for the reason."""

    def __init__(self, error_type: str, message: str) -> None:
        super().__init__(message)
        self.error_type = error_type


def describe(error: BaseException, request_id: str = "") -> dict[str, Any]:
    """Lambda's error object: errorMessage, errorType, requestId and stackTrace, a list of strings."""
    if isinstance(error, RuntimeFaultError):
        error_type, stack = error.error_type, _user_frames(error.__cause__)
    else:
        error_type, stack = type(error).__name__, _user_frames(error)
    return {"errorMessage": str(error), "errorType": error_type, "requestId": request_id, "stackTrace": stack}


def as_text(error: dict[str, Any]) -> str:
    """The error as Lambda writes it to the log, one event of several lines."""
    heading = f"[ERROR] {error['errorType']}: {error['errorMessage']}"
    if not error["stackTrace"]:
        return heading
    return "\n".join(
        [heading, "Traceback (most recent call last):", *(f.rstrip() for f in error["stackTrace"])]
    )


def _user_frames(error: BaseException | None) -> list[str]:
    """The formatted frames of the user's code, as if it were where Lambda has it.

    Those of this package and of the import system are left out.
    """
    if error is None:
        return []
    here = os.environ.get("LAMBDA_TASK_ROOT", TASK_ROOT)
    frames = [
        (frame.filename.replace(here, TASK_ROOT, 1), frame.lineno, frame.name, frame.line)
        for frame in traceback.extract_tb(error.__traceback__)
        if not frame.filename.startswith(__file__.removesuffix("handler.py"))
        and "importlib" not in frame.filename
    ]
    return traceback.format_list(frames)  # type: ignore[arg-type]


class LambdaContext:
    """Attributes and method as documented for Python functions; ``memory_limit_in_mb`` is text there too."""

    def __init__(self, invocation: Invocation) -> None:
        self.aws_request_id = invocation.request_id
        self.invoked_function_arn = invocation.function_arn
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.identity = SimpleNamespace(cognito_identity_id=None, cognito_identity_pool_id=None)
        self.client_context = _client_context(invocation.client_context)
        self._deadline_ms = invocation.deadline_ms

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the function is stopped; 0 once it is late."""
        return max(0, self._deadline_ms - int(time.time() * 1000))

    def log(self, message: Any) -> None:
        """Write to the function's log."""
        print(message)

    def __repr__(self) -> str:
        return f"LambdaContext([aws_request_id={self.aws_request_id},function_name={self.function_name}])"


def _client_context(raw: dict[str, Any] | None) -> SimpleNamespace | None:
    if raw is None:
        return None
    client = SimpleNamespace(**raw.get("client", {}))
    return SimpleNamespace(client=client, custom=raw.get("custom"), env=raw.get("env"))


Handler = Callable[[Any, Any], Any]


def load(name: str) -> Handler:
    """The callable that ``name`` means: ``path/to/module.attribute`` or ``package.module.attribute``.

    Raises RuntimeFaultError as Lambda's runtime reports it, with the cause attached. Other exceptions at
    import are the function's own and pass through.
    """
    module_name, dot, attribute = name.rpartition(".")
    if not dot:
        raise RuntimeFaultError(
            "Runtime.MalformedHandlerName",
            f"Bad handler '{name}': not enough values to unpack (expected 2, got 1)",
        )
    module_name = module_name.replace("/", ".")
    try:
        module = importlib.import_module(module_name)
    except ImportError as error:
        raise RuntimeFaultError(
            "Runtime.ImportModuleError", f"Unable to import module '{module_name}': {error}"
        ) from error
    except SyntaxError as error:
        raise RuntimeFaultError(
            "Runtime.UserCodeSyntaxError", f"Syntax error in module '{module_name}': {error}"
        ) from error
    try:
        handler: Handler = getattr(module, attribute)
    except AttributeError:
        raise RuntimeFaultError(
            "Runtime.HandlerNotFound", f"Handler '{attribute}' missing on module '{module_name}'"
        ) from None
    return handler
