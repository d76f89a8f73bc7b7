"""The context object that a handler gets as its second argument."""

from __future__ import annotations

import os
import time
from types import SimpleNamespace
from typing import Any

from .api import Invocation


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
