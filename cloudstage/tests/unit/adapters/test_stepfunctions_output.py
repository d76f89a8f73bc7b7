"""Outputs of executions, with moto as it is and with the adapter."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from typing import Any

from moto.stepfunctions.models import stepfunctions_backends

from cloudstage.adapters import stepfunctions_output

from .gaps import Adapted, with_and_without

DEFINITION = {"StartAt": "only", "States": {"only": {"Type": "Pass", "End": True}}}
ROLE = "arn:aws:iam::123456789012:role/steps"


@with_and_without(stepfunctions_output.times_in_outputs_are_text)
def test_a_time_in_an_output_is_text(client: Callable[[str], Any], adapted: Adapted) -> None:
    steps = client("stepfunctions")
    machine = steps.create_state_machine(name="m", definition=json.dumps(DEFINITION), roleArn=ROLE)
    arn = steps.start_execution(stateMachineArn=machine["stateMachineArn"])["executionArn"]
    execution: Any = stepfunctions_backends["123456789012"]["eu-central-1"].describe_execution(arn)
    execution.status = "SUCCEEDED"
    execution.output = {"LastModified": datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)}
    with adapted:
        output = steps.describe_execution(executionArn=arn)["output"]
    assert json.loads(output) == {"LastModified": "2026-01-01T00:00:00Z"}
