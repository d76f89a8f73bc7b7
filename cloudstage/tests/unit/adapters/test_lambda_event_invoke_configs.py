"""How asynchronous invocations are handled is configured for each version and alias."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from cloudstage.adapters import lambda_event_invoke_configs

from .gaps import Adapted, with_and_without


@with_and_without(lambda_event_invoke_configs.each_qualifier_has_its_own)
def test_an_alias_has_its_own_and_the_last_one_counts(client: Callable[[str], Any], adapted: Adapted) -> None:
    functions = client("lambda")
    _deploy(client)
    with adapted:
        functions.put_function_event_invoke_config(FunctionName="f", MaximumRetryAttempts=0)
        functions.put_function_event_invoke_config(FunctionName="f", MaximumRetryAttempts=2)
        functions.update_function_event_invoke_config(FunctionName="f", MaximumEventAgeInSeconds=60)
        with pytest.raises(functions.exceptions.ResourceNotFoundException):
            functions.get_function_event_invoke_config(FunctionName="f", Qualifier="live")
        functions.put_function_event_invoke_config(FunctionName="f", Qualifier="live", MaximumRetryAttempts=1)

        latest = functions.get_function_event_invoke_config(FunctionName="f")
        assert (latest["MaximumRetryAttempts"], latest["MaximumEventAgeInSeconds"]) == (2, 60)
        live = functions.get_function_event_invoke_config(FunctionName="f:live")
        assert live["MaximumRetryAttempts"] == 1
        assert live["FunctionArn"].endswith(":function:f:live")

        functions.delete_function_event_invoke_config(FunctionName="f")
        listed = functions.list_function_event_invoke_configs(FunctionName="f")["FunctionEventInvokeConfigs"]
        assert [each["FunctionArn"] for each in listed] == [live["FunctionArn"]]


def _deploy(client: Callable[[str], Any]) -> None:
    trust = '{"Version": "2012-10-17", "Statement": []}'
    role = client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("f.py", "")
    client("lambda").create_function(
        FunctionName="f", Role=role, Runtime="python3.12", Handler="f.f", Code={"ZipFile": content.getvalue()}
    )
    client("lambda").create_alias(FunctionName="f", Name="live", FunctionVersion="$LATEST")
