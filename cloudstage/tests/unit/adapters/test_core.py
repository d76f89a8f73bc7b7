"""What the cloudstage does not have, it says at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.test import Client

from cloudstage.adapters import core

from .gaps import Adapted, with_and_without


@with_and_without(core.missing_operation_fails_at_once)
def test_a_json_service_names_the_missing_operation(client: Callable[[str], Any], adapted: Adapted) -> None:
    with adapted, pytest.raises(ClientError) as missing:
        client("glue").get_catalog_import_status()
    assert missing.value.response["Error"]["Code"] == "NotImplemented"
    assert "glue:GetCatalogImportStatus" in missing.value.response["Error"]["Message"]
    assert missing.value.response["ResponseMetadata"]["RetryAttempts"] == 0


@with_and_without(core.missing_operation_fails_at_once)
def test_an_xml_service_names_the_missing_operation(client: Callable[[str], Any], adapted: Adapted) -> None:
    with adapted, pytest.raises(ClientError) as missing:
        client("iam").get_context_keys_for_custom_policy(PolicyInputList=["{}"])
    assert missing.value.response["Error"]["Code"] == "NotImplemented"
    assert "iam:GetContextKeysForCustomPolicy" in missing.value.response["Error"]["Message"]


@with_and_without(core.no_site_is_let_in_by_cors)
def test_no_page_of_another_site_may_read_answers(adapted: Adapted) -> None:
    with adapted:
        server = Client(DomainDispatcherApplication(create_backend_app))
        answer = server.get("/", headers={"Origin": "https://elsewhere.example"})

    assert "Access-Control-Allow-Origin" not in answer.headers


@with_and_without(core.errors_in_xml_have_one_message)
def test_an_error_has_one_message(client: Callable[[str], Any], adapted: Adapted) -> None:
    with adapted, pytest.raises(ClientError) as refused:
        client("sns").get_topic_attributes(TopicArn="arn:aws:sns:eu-central-1:123456789012:missing")
    assert refused.value.response["Error"]["Message"] == "Topic does not exist"
    assert "message" not in refused.value.response["Error"]
    assert "message" not in refused.value.response
