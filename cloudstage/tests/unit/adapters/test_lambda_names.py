"""Functions, versions and aliases are named as on AWS."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto.core.utils import convert_regex_to_flask_path
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.test import Client

from cloudstage.adapters import core, lambda_names
from cloudstage.adapters.registry import applied

from .gaps import Adapted, with_and_without
from .lambda_client import deploy, with_role

PARTIAL = "123456789012:function:f"
ARN = f"arn:aws:lambda:eu-central-1:{PARTIAL}"


@pytest.fixture
def functions(client: Callable[[str], Any]) -> Any:
    """A client of Lambda in an account with the function ``f`` and its version 1."""
    functions = with_role(client)
    deploy(functions)
    functions.publish_version(FunctionName="f")
    return functions


@with_and_without(lambda_names.functions_have_partial_arns)
def test_a_function_is_found_by_its_partial_arn(functions: Any, adapted: Adapted) -> None:
    with adapted:
        functions.update_function_configuration(FunctionName=PARTIAL, MemorySize=512)
        latest = functions.get_function_configuration(FunctionName=PARTIAL)
        version = functions.get_function_configuration(FunctionName=f"{PARTIAL}:1")
    assert (latest["MemorySize"], version["MemorySize"]) == (512, 128)


@pytest.mark.parametrize(
    "name",
    ["my-function:1", "function:my-function:1", f"{PARTIAL[:-1]}my-function:1", f"{ARN[:-1]}my-function:1"],
)
def test_the_name_of_a_function_may_end_with_the_word(name: str) -> None:
    assert lambda_names.bare(name) == "my-function:1"


@with_and_without(lambda_names.every_name_is_found)
def test_a_path_may_name_the_latest_version(adapted: Adapted) -> None:
    from moto.awslambda import urls
    from moto.moto_server.utilities import RegexConverter
    from werkzeug.routing import Map, Rule

    with adapted:
        paths = [convert_regex_to_flask_path(path.format("")) for path in urls.url_paths]
        rules = Map([Rule(path, endpoint=path) for path in paths], converters={"regex": RegexConverter})
        found = rules.bind("localhost").match(f"/2015-03-31/functions/{ARN}:$LATEST/configuration")
    assert found[1]["function_name"] == f"{ARN}:$LATEST"


REFUSED = [
    (
        {"FunctionName": "f!"},
        "Value 'f!' at 'functionName' failed to satisfy constraint: Member must satisfy",
    ),
    ({"FunctionName": "f", "Qualifier": "q" * 129}, "length less than or equal to 128"),
    ({"FunctionName": "f:1", "Qualifier": "2"}, "The derived qualifier from the function name"),
    ({"FunctionName": ARN.replace("eu-", "us-")}, "Functions from 'us-central-1' are not reachable"),
    ({"FunctionName": "f!", "Qualifier": "!"}, "^[^:]*: 2 validation errors detected: .*; "),
]


@with_and_without(lambda_names.names_are_checked)
def test_impossible_names_are_refused(functions: Any, adapted: Adapted) -> None:
    with adapted:
        for names, message in REFUSED:
            with pytest.raises(ClientError, match=message):
                functions.get_function(**names)


@with_and_without(lambda_names.names_are_checked)
def test_the_latest_version_is_not_deleted_alone(functions: Any, adapted: Adapted) -> None:
    with adapted:
        with pytest.raises(ClientError, match="LATEST version cannot be deleted"):
            functions.delete_function(FunctionName="f", Qualifier="$LATEST")
        assert functions.get_function(FunctionName="f")


@with_and_without(lambda_names.names_are_checked)
def test_a_new_function_needs_a_short_name_and_a_short_description(functions: Any, adapted: Adapted) -> None:
    with adapted:
        with pytest.raises(ClientError, match="length less than or equal to 64"):
            deploy(functions, name="f" * 65)
        with pytest.raises(ClientError, match=r"at 'description' .* length less than or equal to 256"):
            deploy(functions, name="g", Description="d" * 257)
        with pytest.raises(ClientError, match="Member must satisfy regular expression pattern"):
            deploy(functions, name="g!")
    assert [function["FunctionName"] for function in functions.list_functions()["Functions"]] == ["f"]


@with_and_without(lambda_names.missing_operations_reach_lambda)
def test_a_missing_operation_is_named(adapted: Adapted) -> None:
    credential = "Credential=AKIAEXAMPLE/20260101/eu-central-1/lambda/aws4_request"
    headers = {"Authorization": f"AWS4-HMAC-SHA256 {credential}, SignedHeaders=host, Signature=0"}
    with adapted, applied(core.missing_operation_fails_at_once):
        server = Client(DomainDispatcherApplication(create_backend_app))
        answer = server.get("/2019-09-30/functions/f/provisioned-concurrency?List=ALL", headers=headers)
        known = server.get("/2015-03-31/functions", headers=headers)
        unknown = server.get("/2015-03-31/nothing", headers=headers)
    assert answer.status_code == 501
    assert "ListProvisionedConcurrencyConfigs" in answer.text
    assert json.loads(known.text) == {"Functions": []}
    assert (unknown.status_code, unknown.text) == (404, "")
