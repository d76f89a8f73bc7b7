"""A gap in the output of moto's Step Functions executions."""

from __future__ import annotations

import datetime
import json
from typing import Any

from moto.core.responses import ActionResult
from moto.stepfunctions.responses import StepFunctionResponse

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch


@adapter
def times_in_outputs_are_text(patch: Patch) -> None:
    """DescribeExecution returns the output of an execution that ends with the answer of a service.

    moto 5.2.5 leaves the answer's times as they are, and answers 500. Step Functions writes them as ISO 8601 text.
    """
    original = StepFunctionResponse.describe_execution

    def describe_execution(self: StepFunctionResponse) -> ActionResult:
        execution: Any = self.stepfunction_backend.describe_execution(self._get_param("executionArn"))
        if isinstance(execution.output, dict | list):
            execution.output = json.loads(json.dumps(execution.output, default=_text))
        return original(self)

    patch.replace(StepFunctionResponse, "describe_execution", describe_execution)


def _text(value: Any) -> str:
    if not isinstance(value, datetime.datetime):
        return str(value)
    precision = "milliseconds" if value.microsecond else "seconds"
    return value.astimezone(datetime.UTC).isoformat(timespec=precision).replace("+00:00", "Z")
