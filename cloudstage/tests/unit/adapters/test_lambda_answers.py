"""Lambda answers with the statuses and members of the API."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from cloudstage.adapters import lambda_answers

from .gaps import Adapted, with_and_without
from .lambda_client import deploy, package, with_role, with_version_and_alias


@pytest.fixture
def functions(client: Callable[[str], Any]) -> Any:
    """A client of Lambda in an account with the function ``f``, its version 1 and the alias ``live``."""
    return with_version_and_alias(client)


def status(answer: dict[str, Any]) -> int:
    return int(answer["ResponseMetadata"]["HTTPStatusCode"])


@with_and_without(lambda_answers.successes_have_the_status_of_the_api)
def test_a_success_has_its_status(functions: Any, adapted: Adapted) -> None:
    arn = functions.get_function_configuration(FunctionName="f")["FunctionArn"]
    bodies = []
    with adapted:
        assert status(functions.get_alias(FunctionName="f", Name="live")) == 200
        functions.meta.events.register(
            "after-call", lambda http_response, **_: bodies.append(http_response.content)
        )
        assert status(functions.tag_resource(Resource=arn, Tags={"a": "b"})) == 204
        assert status(functions.delete_alias(FunctionName="f", Name="live")) == 204
    assert bodies == [b"", b""]


@with_and_without(lambda_answers.updated_aliases_are_new_revisions)
def test_an_updated_alias_is_a_new_revision(functions: Any, adapted: Adapted) -> None:
    before = functions.get_alias(FunctionName="f", Name="live")["RevisionId"]
    with adapted:
        functions.update_alias(FunctionName="f", Name="live", Description="d")
    assert functions.get_alias(FunctionName="f", Name="live")["RevisionId"] != before


@with_and_without(lambda_answers.lists_show_less)
def test_a_list_has_no_states(functions: Any, adapted: Adapted) -> None:
    with adapted:
        [listed] = functions.list_functions()["Functions"]
        versions = functions.list_versions_by_function(FunctionName="f")["Versions"]
        described = functions.get_function_configuration(FunctionName="f")
    assert [version["Version"] for version in versions] == ["$LATEST", "1"]
    for configuration in (listed, *versions):
        assert not {"State", "LastUpdateStatus"} & configuration.keys()
    assert described["State"] == "Active"


@with_and_without(lambda_answers.layers_are_described)
def test_a_layer_is_described(functions: Any, adapted: Adapted) -> None:
    with adapted:
        published = functions.publish_layer_version(LayerName="l", Content={"ZipFile": package()})
    assert published["Description"] == ""
    assert "LicenseInfo" not in published


@pytest.fixture
def account(client: Callable[[str], Any], adapted: Adapted) -> Iterator[Any]:
    """A client of Lambda; moto reads its paths when it begins."""
    del client  # which sets the environment
    with adapted, mock_aws():
        yield lambda service: boto3.client(service, region_name="eu-central-1")


@with_and_without(lambda_answers.accounts_have_settings)
def test_an_account_has_settings(account: Any) -> None:
    functions = with_role(account)
    size = deploy(functions)["CodeSize"]
    functions.put_function_concurrency(FunctionName="f", ReservedConcurrentExecutions=10)
    settings = functions.get_account_settings()
    assert settings["AccountLimit"]["ConcurrentExecutions"] == 1000
    assert settings["AccountLimit"]["UnreservedConcurrentExecutions"] == 990
    assert settings["AccountUsage"] == {"TotalCodeSize": size, "FunctionCount": 1}
