"""How Lambda functions are deployed, with moto as it is and with the adapters."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudstage.adapters import lambda_logging, lambda_packages

from .gaps import Adapted, with_and_without


@pytest.fixture
def functions(client: Callable[[str], Any]) -> Any:
    policy = json.dumps({"Version": "2012-10-17", "Statement": []})
    client("iam").create_role(RoleName="function", AssumeRolePolicyDocument=policy)
    return client("lambda")


def package(size: int = 1) -> bytes:
    target = io.BytesIO()
    with (
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("data", "w", force_zip64=True) as member,
    ):
        for start in range(0, size, 1 << 20):
            member.write(bytes(min(1 << 20, size - start)))
    return target.getvalue()


def deploy(functions: Any, content: bytes, **settings: Any) -> dict[str, Any]:
    created: dict[str, Any] = functions.create_function(
        FunctionName="f",
        Runtime="python3.11",
        Handler="main.handler",
        Role="arn:aws:iam::123456789012:role/function",
        Code={"ZipFile": content},
        **settings,
    )
    return created


@with_and_without(lambda_packages.packages_are_examined)
def test_a_package_that_is_no_zip_is_refused(functions: Any, adapted: Adapted) -> None:
    with adapted, pytest.raises(ClientError, match="Could not unzip uploaded file"):
        deploy(functions, b"no zip")


@with_and_without(lambda_packages.packages_are_examined)
def test_a_package_that_is_too_large_unzipped_is_refused(functions: Any, adapted: Adapted) -> None:
    with adapted:
        deployed = deploy(functions, package())

        with pytest.raises(ClientError, match="Unzipped size must be smaller than 262144000 bytes"):
            functions.update_function_code(
                FunctionName="f", ZipFile=package(lambda_packages.LARGEST_UNZIPPED + 1)
            )

        kept = functions.get_function_configuration(FunctionName="f")["CodeSha256"]
    assert kept == deployed["CodeSha256"]


@with_and_without(lambda_logging.function_has_logging_config)
def test_logging_is_configured(functions: Any, adapted: Adapted) -> None:
    logging = {"LogFormat": "JSON", "LogGroup": "/jobs/f"}
    with adapted:
        assert deploy(functions, package())["LoggingConfig"] == {
            "LogFormat": "Text",
            "LogGroup": "/aws/lambda/f",
        }

        functions.update_function_configuration(FunctionName="f", LoggingConfig=logging)

        told = functions.get_function_configuration(FunctionName="f")["LoggingConfig"]
    assert told == logging | {"ApplicationLogLevel": "INFO", "SystemLogLevel": "INFO"}
