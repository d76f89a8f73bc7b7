"""Lambda functions keep what Terraform tells of them."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from cloudstage.adapters import lambda_functions

from .gaps import Adapted, with_and_without

QUEUE = "arn:aws:sqs:eu-central-1:123456789012:dead-letters"


@pytest.fixture
def create_function(client: Callable[[str], Any]) -> Callable[..., Any]:
    """Creates the function `notes` and returns the client."""
    trust = {"Version": "2012-10-17", "Statement": []}
    role = client("iam").create_role(RoleName="notes", AssumeRolePolicyDocument=json.dumps(trust))
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("main.py", "")
    functions = client("lambda")

    def create(**options: Any) -> Any:
        functions.create_function(
            FunctionName="notes",
            Runtime="python3.11",
            Handler="main.handler",
            Role=role["Role"]["Arn"],
            Code={"ZipFile": package.getvalue()},
            **options,
        )
        return functions

    return create


@with_and_without(lambda_functions.function_has_dead_letter_config)
def test_a_function_keeps_its_dead_letter_queue(
    create_function: Callable[..., Any], adapted: Adapted
) -> None:
    with adapted:
        functions = create_function(DeadLetterConfig={"TargetArn": QUEUE})
        functions.update_function_configuration(FunctionName="notes", MemorySize=512)
        kept = functions.get_function_configuration(FunctionName="notes")
    assert kept["DeadLetterConfig"] == {"TargetArn": QUEUE}
    assert kept["MemorySize"] == 512


@with_and_without(lambda_functions.function_has_dead_letter_config)
def test_an_update_gives_a_function_a_dead_letter_queue(
    create_function: Callable[..., Any], adapted: Adapted
) -> None:
    with adapted:
        functions = create_function()
        assert "DeadLetterConfig" not in functions.get_function_configuration(FunctionName="notes")
        functions.update_function_configuration(FunctionName="notes", DeadLetterConfig={"TargetArn": QUEUE})
        assert functions.get_function_configuration(FunctionName="notes")["DeadLetterConfig"] == {
            "TargetArn": QUEUE
        }
