"""Versions and aliases have their own settings for asynchronous invocation, as on AWS."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudstage.adapters import lambda_event_invoke

from .gaps import Adapted, with_and_without
from .lambda_client import with_version_and_alias

ARN = "arn:aws:lambda:eu-central-1:123456789012:function:f"


@pytest.fixture
def functions(client: Callable[[str], Any]) -> Any:
    """A client of Lambda in an account with the function ``f``, its version 1 and the alias ``live``."""
    return with_version_and_alias(client)


def told(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: answer[name] for name in answer if name not in {"LastModified", "ResponseMetadata"}}


@with_and_without(lambda_event_invoke.every_qualifier_has_its_own_settings)
def test_a_put_replaces_the_settings(functions: Any, adapted: Adapted) -> None:
    with adapted:
        functions.put_function_event_invoke_config(FunctionName="f", MaximumEventAgeInSeconds=60)
        functions.put_function_event_invoke_config(FunctionName="f", MaximumRetryAttempts=1)
        kept = functions.get_function_event_invoke_config(FunctionName="f")
    assert told(kept) == {
        "FunctionArn": f"{ARN}:$LATEST",
        "MaximumRetryAttempts": 1,
        "DestinationConfig": {"OnSuccess": {}, "OnFailure": {}},
    }


@with_and_without(lambda_event_invoke.every_qualifier_has_its_own_settings)
def test_an_update_keeps_what_it_does_not_name(functions: Any, adapted: Adapted) -> None:
    with adapted:
        functions.put_function_event_invoke_config(FunctionName="f", MaximumEventAgeInSeconds=60)
        updated = functions.update_function_event_invoke_config(FunctionName="f", MaximumRetryAttempts=0)
        kept = functions.get_function_event_invoke_config(FunctionName="f")
    assert told(kept) == told(updated)
    assert (kept["MaximumEventAgeInSeconds"], kept["MaximumRetryAttempts"]) == (60, 0)


@with_and_without(lambda_event_invoke.every_qualifier_has_its_own_settings)
def test_versions_and_aliases_have_their_own_settings(functions: Any, adapted: Adapted) -> None:
    with adapted:
        functions.put_function_event_invoke_config(FunctionName="f", Qualifier="1", MaximumRetryAttempts=1)
        functions.put_function_event_invoke_config(FunctionName="f:live", MaximumRetryAttempts=2)
        with pytest.raises(ClientError, match="LATEST doesn't have an EventInvokeConfig"):
            functions.get_function_event_invoke_config(FunctionName="f")
        first = functions.list_function_event_invoke_configs(FunctionName="f", MaxItems=1)
        second = functions.list_function_event_invoke_configs(FunctionName="f", Marker=first["NextMarker"])
        functions.delete_function_event_invoke_config(FunctionName=f"{ARN}:live")
        left = functions.list_function_event_invoke_configs(FunctionName="f")
    assert [config["FunctionArn"] for config in first["FunctionEventInvokeConfigs"]] == [f"{ARN}:1"]
    assert [config["FunctionArn"] for config in second["FunctionEventInvokeConfigs"]] == [f"{ARN}:live"]
    assert left["FunctionEventInvokeConfigs"] == first["FunctionEventInvokeConfigs"]


IMPOSSIBLE: list[tuple[dict[str, Any], str]] = [
    ({}, "You must specify at least one of"),
    ({"Qualifier": "gone", "MaximumRetryAttempts": 1}, "The function doesn't exist"),
    ({"FunctionName": "f:1", "Qualifier": "live", "MaximumRetryAttempts": 1}, "The derived qualifier"),
    ({"DestinationConfig": {"OnFailure": {"Destination": ARN}}}, "as a destination for itself"),
    ({"DestinationConfig": {"OnSuccess": {"Destination": f"{ARN}-2"}}}, "f-2 is invalid"),
    (
        {"DestinationConfig": {"OnSuccess": {"Destination": "arn:aws:iam::123456789012:role/r"}}},
        r"DestinationConfig\(onSuccess=OnSuccess\(destination=arn:.*role/r\), onFailure=null\) is invalid",
    ),
]


@with_and_without(lambda_event_invoke.every_qualifier_has_its_own_settings)
def test_impossible_settings_are_refused(functions: Any, adapted: Adapted) -> None:
    with adapted:
        for settings, message in IMPOSSIBLE:
            with pytest.raises(ClientError, match=message):
                functions.put_function_event_invoke_config(**{"FunctionName": "f"} | settings)
