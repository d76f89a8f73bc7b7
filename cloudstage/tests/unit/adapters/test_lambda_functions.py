"""Lambda's functions and event source mappings are described as on AWS, and its errors are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudstage.adapters import lambda_functions

from .gaps import Adapted, with_and_without
from .lambda_client import ROLE, deploy, package, with_role

QUEUE = "arn:aws:sqs:eu-central-1:123456789012:dead-letters"


@pytest.fixture
def functions(client: Callable[[str], Any]) -> Any:
    """A client of Lambda in an account with a role."""
    return with_role(client)


def configuration(functions: Any) -> dict[str, Any]:
    told: dict[str, Any] = functions.get_function_configuration(FunctionName="f")
    return told


@with_and_without(lambda_functions.settings_are_kept)
def test_a_function_keeps_its_dead_letter_queue(functions: Any, adapted: Adapted) -> None:
    with adapted:
        deploy(functions, DeadLetterConfig={"TargetArn": QUEUE})
        functions.update_function_configuration(FunctionName="f", MemorySize=512)
        kept = configuration(functions)
    assert kept["DeadLetterConfig"] == {"TargetArn": QUEUE}
    assert kept["MemorySize"] == 512


@with_and_without(lambda_functions.settings_are_kept)
def test_an_update_gives_a_function_a_dead_letter_queue(functions: Any, adapted: Adapted) -> None:
    with adapted:
        deploy(functions)
        assert "DeadLetterConfig" not in configuration(functions)
        functions.update_function_configuration(FunctionName="f", DeadLetterConfig={"TargetArn": QUEUE})
        assert configuration(functions)["DeadLetterConfig"] == {"TargetArn": QUEUE}


@with_and_without(lambda_functions.settings_are_kept)
def test_logging_is_configured(functions: Any, adapted: Adapted) -> None:
    logging = {"LogFormat": "JSON", "LogGroup": "/jobs/f"}
    with adapted:
        assert deploy(functions)["LoggingConfig"] == {"LogFormat": "Text", "LogGroup": "/aws/lambda/f"}

        functions.update_function_configuration(FunctionName="f", LoggingConfig=logging)

        told = configuration(functions)["LoggingConfig"]
    assert told == logging | {"ApplicationLogLevel": "INFO", "SystemLogLevel": "INFO"}


@with_and_without(lambda_functions.settings_can_be_changed)
def test_settings_are_changed(functions: Any, adapted: Adapted) -> None:
    changes = {
        "EphemeralStorage": {"Size": 1024},
        "TracingConfig": {"Mode": "Active"},
        "SnapStart": {"ApplyOn": "PublishedVersions"},
        "KMSKeyArn": "arn:aws:kms:eu-central-1:123456789012:key/k",
    }
    with adapted:
        deploy(functions)
        functions.update_function_configuration(FunctionName="f", **changes)
        changed = configuration(functions)
    changed["SnapStart"].pop("OptimizationStatus")
    assert {name: changed.get(name) for name in changes} == changes


@with_and_without(lambda_functions.settings_can_be_changed)
def test_a_function_is_created_with_snap_start(functions: Any, adapted: Adapted) -> None:
    with adapted:
        deploy(functions, SnapStart={"ApplyOn": "PublishedVersions"})
        assert configuration(functions)["SnapStart"]["ApplyOn"] == "PublishedVersions"


@with_and_without(lambda_functions.settings_can_be_changed)
def test_an_environment_without_variables_is_an_empty_one(functions: Any, adapted: Adapted) -> None:
    with adapted:
        deploy(functions, Environment={"Variables": {"A": "b"}})
        functions.update_function_configuration(FunctionName="f", Environment={})
        assert "Environment" not in configuration(functions)
        functions.update_function_configuration(FunctionName="f", Environment={"Variables": {}})
        assert configuration(functions)["Environment"] == {"Variables": {}}


@with_and_without(lambda_functions.configuration_is_complete)
def test_a_new_function_is_described_as_on_aws(functions: Any, adapted: Adapted) -> None:
    with adapted:
        created, described, again = deploy(functions), configuration(functions), configuration(functions)
    assert created["State"] == "Pending"
    assert created["StateReasonCode"] == "Creating"
    assert described["State"] == "Active"
    assert described["LastUpdateStatus"] == "Successful"
    assert "StateReason" not in described
    assert "Layers" not in described
    assert described["RevisionId"] != created["RevisionId"]
    assert described["RevisionId"] == again["RevisionId"]
    assert described["RuntimeVersionConfig"]["RuntimeVersionArn"].startswith(
        "arn:aws:lambda:eu-central-1::runtime:"
    )
    assert described["LastModified"].endswith("+0000")


@with_and_without(lambda_functions.configuration_is_complete)
def test_an_update_is_in_progress_and_makes_a_new_revision(functions: Any, adapted: Adapted) -> None:
    with adapted:
        before = deploy(functions)
        updated = functions.update_function_configuration(FunctionName="f", MemorySize=512)
        code = functions.update_function_code(FunctionName="f", ZipFile=package(2))
        after = configuration(functions)
    assert updated["LastUpdateStatus"] == code["LastUpdateStatus"] == "InProgress"
    revisions = {told["RevisionId"] for told in (before, updated, code, after)}
    assert len(revisions) == 4
    assert after["LastUpdateStatus"] == "Successful"


@with_and_without(lambda_functions.configuration_is_complete)
def test_an_update_of_another_revision_is_refused(functions: Any, adapted: Adapted) -> None:
    with adapted:
        created = deploy(functions)["RevisionId"]
        with pytest.raises(ClientError, match="does not match the latest Revision Id"):
            functions.update_function_code(FunctionName="f", ZipFile=package(2), RevisionId=created)
        latest = configuration(functions)["RevisionId"]
        functions.update_function_code(FunctionName="f", ZipFile=package(2), RevisionId=latest)
        with pytest.raises(ClientError, match="does not match the latest Revision Id"):
            functions.update_function_configuration(FunctionName="f", MemorySize=512, RevisionId=latest)
        published = functions.update_function_code(FunctionName="f", ZipFile=package(3), Publish=True)
    assert (published["Version"], published["State"]) == ("1", "Pending")


@with_and_without(lambda_functions.packages_are_examined)
def test_a_package_that_is_no_zip_is_refused_and_leaves_nothing(functions: Any, adapted: Adapted) -> None:
    from moto.awslambda.models import lambda_backends

    with adapted:
        with pytest.raises(ClientError, match="Could not unzip uploaded file"):
            deploy(functions, b"no zip")
        assert functions.list_functions()["Functions"] == []
        assert not lambda_backends["123456789012"]["eu-central-1"]._lambdas._functions


@with_and_without(lambda_functions.packages_are_examined)
def test_a_package_that_is_too_large_unzipped_is_refused(functions: Any, adapted: Adapted) -> None:
    with adapted:
        deployed = deploy(functions)

        with pytest.raises(ClientError, match="Unzipped size must be smaller than 262144000 bytes"):
            functions.update_function_code(
                FunctionName="f", ZipFile=package(lambda_functions.LARGEST_UNZIPPED + 1)
            )

        kept = configuration(functions)["CodeSha256"]
    assert kept == deployed["CodeSha256"]


@with_and_without(lambda_functions.packages_are_examined)
def test_a_layer_that_is_no_zip_is_refused_and_leaves_nothing(functions: Any, adapted: Adapted) -> None:
    with adapted:
        with pytest.raises(ClientError, match="Could not unzip uploaded file"):
            functions.publish_layer_version(LayerName="l", Content={"ZipFile": b"no zip"})
        assert functions.list_layers()["Layers"] == []


@with_and_without(lambda_functions.packages_are_examined)
def test_a_package_is_kept_once(functions: Any, adapted: Adapted) -> None:
    from moto.awslambda.models import lambda_backends

    with adapted:
        deploy(functions)
        functions.update_function_code(FunctionName="f", ZipFile=package(2))
        function = lambda_backends["123456789012"]["eu-central-1"].get_function("f")
    assert function.code_bytes == package(2)
    assert "ZipFile" not in function.code


@with_and_without(lambda_functions.errors_have_a_type)
def test_an_error_has_its_type_and_its_message_where_the_model_says(functions: Any, adapted: Adapted) -> None:
    with adapted:
        with pytest.raises(functions.exceptions.ResourceNotFoundException) as missing:
            configuration(functions)
        with pytest.raises(functions.exceptions.InvalidParameterValueException) as invalid:
            functions.create_function(
                FunctionName="f",
                Runtime="python3.11",
                Handler="h.h",
                Role=f"{ROLE}-2",
                Code={"ZipFile": package()},
            )
    message = "Function not found: arn:aws:lambda:eu-central-1:123456789012:function:f"
    assert (missing.value.response["Type"], missing.value.response["Message"]) == ("User", message)
    assert invalid.value.response["Type"] == "User"
    assert invalid.value.response["message"] == invalid.value.response["Error"]["Message"]


def mapped(functions: Any, arn: str, **settings: Any) -> dict[str, Any]:
    deploy(functions)
    created: dict[str, Any] = functions.create_event_source_mapping(
        EventSourceArn=arn, FunctionName="f", **settings
    )
    return created


@with_and_without(lambda_functions.mappings_have_their_defaults)
def test_a_mapping_of_a_queue_has_its_defaults(
    client: Callable[[str], Any], functions: Any, adapted: Adapted
) -> None:
    url = client("sqs").create_queue(QueueName="q")["QueueUrl"]
    arn = client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"][
        "QueueArn"
    ]
    with adapted:
        created = mapped(functions, arn)
        described = functions.get_event_source_mapping(UUID=created["UUID"])
        updated = functions.update_event_source_mapping(UUID=created["UUID"], BatchSize=5)
        disabled = functions.update_event_source_mapping(UUID=created["UUID"], Enabled=False)
    assert (created["State"], described["State"], updated["State"]) == ("Creating", "Enabled", "Updating")
    assert disabled["State"] == "Disabling"
    assert described["StateTransitionReason"] == "USER_INITIATED"
    assert described["FunctionResponseTypes"] == []
    assert described["MaximumBatchingWindowInSeconds"] == 0
    assert "LastProcessingResult" not in described


@with_and_without(lambda_functions.mappings_have_their_defaults)
def test_a_mapping_of_a_stream_has_its_defaults(
    client: Callable[[str], Any], functions: Any, adapted: Adapted
) -> None:
    client("kinesis").create_stream(StreamName="s", ShardCount=1)
    arn = client("kinesis").describe_stream_summary(StreamName="s")["StreamDescriptionSummary"]["StreamARN"]
    with adapted:
        created = mapped(functions, arn, StartingPosition="LATEST", MaximumRetryAttempts=2)
    told = {name: created.get(name) for name in created if name.startswith(("Maximum", "Last", "State"))}
    del told["LastModified"]
    assert told == {
        "LastProcessingResult": "No records processed",
        "MaximumBatchingWindowInSeconds": 0,
        "MaximumRecordAgeInSeconds": -1,
        "MaximumRetryAttempts": 2,
        "State": "Creating",
        "StateTransitionReason": "User action",
    }
    assert created["DestinationConfig"] == {"OnFailure": {}}
    assert (created["ParallelizationFactor"], created["TumblingWindowInSeconds"]) == (1, 0)
    assert created["BisectBatchOnFunctionError"] is False
