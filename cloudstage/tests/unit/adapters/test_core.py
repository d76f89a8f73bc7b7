"""What the cloudstage does not have, it says at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from moto.s3tables.models import s3tables_backends
from werkzeug.test import Client

from cloudstage.adapters import core

from .gaps import Adapted, with_and_without


def _signed(service: str) -> dict[str, str]:
    scope = f"local/20260101/eu-central-1/{service}/aws4_request"
    return {"Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"}


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


@with_and_without(core.missing_service_fails_at_once)
def test_a_missing_service_or_path_is_refused_by_name(adapted: Adapted) -> None:
    with adapted:
        server = Client(DomainDispatcherApplication(create_backend_app))
        service = server.get("/environments", headers=_signed("airflow"))
        target = server.post("/", headers=_signed("apprunner") | {"X-Amz-Target": "AppRunner.ListServices"})
        path = server.put("/2019-09-30/functions/f/missing", headers=_signed("lambda"))
    named = (
        "airflow:GET /environments",
        "apprunner:ListServices",
        "lambda:PUT /2019-09-30/functions/f/missing",
    )
    for answer, name in zip((service, target, path), named, strict=True):
        assert answer.status_code == 501
        refusal = json.loads(answer.text)
        assert refusal["__type"] == "NotImplemented"
        assert refusal["message"].startswith(f"{name} is not part of the cloudstage")


@with_and_without(core.missing_service_fails_at_once)
def test_a_missing_query_service_is_refused_in_xml(adapted: Adapted) -> None:
    with adapted:
        server = Client(DomainDispatcherApplication(create_backend_app))
        answer = server.post("/", data={"Action": "DescribeThings"}, headers=_signed("things"))
    assert answer.status_code == 501
    assert "<Message>things:DescribeThings is not part of" in answer.text


@with_and_without(core.faults_fail_at_once)
def test_a_fault_of_moto_is_no_passing_one(client: Callable[[str], Any], adapted: Adapted) -> None:
    with adapted, pytest.raises(ClientError) as failed:
        client("sagemaker").create_feature_group(
            FeatureGroupName="f",
            RecordIdentifierFeatureName="id",
            EventTimeFeatureName="at",
            FeatureDefinitions=[{"FeatureName": "id", "FeatureType": "String"}],
            OnlineStoreConfig={"EnableOnlineStore": True},
        )
    assert failed.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501
    assert "sagemaker:CreateFeatureGroup with these arguments" in failed.value.response["Error"]["Message"]


@with_and_without(core.services_are_in_every_region)
def test_a_newer_region_has_a_service(client: Callable[[str], Any], adapted: Adapted) -> None:
    with adapted:
        assert s3tables_backends["123456789012"]["eu-west-1"].region_name == "eu-west-1"
        with pytest.raises(KeyError):
            s3tables_backends["123456789012"]["nowhere"]


@with_and_without(core.errors_in_xml_have_one_message)
def test_an_error_has_one_message(client: Callable[[str], Any], adapted: Adapted) -> None:
    with adapted, pytest.raises(ClientError) as refused:
        client("sns").get_topic_attributes(TopicArn="arn:aws:sns:eu-central-1:123456789012:missing")
    assert refused.value.response["Error"]["Message"] == "Topic does not exist"
    assert "message" not in refused.value.response["Error"]
    assert "message" not in refused.value.response
