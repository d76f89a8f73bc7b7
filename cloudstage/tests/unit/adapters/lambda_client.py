"""Functions for the tests of Lambda's adapters."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

ROLE = "arn:aws:iam::123456789012:role/function"


def with_role(client: Callable[[str], Any]) -> Any:
    """A client of Lambda in an account with a role."""
    policy = json.dumps({"Version": "2012-10-17", "Statement": []})
    client("iam").create_role(RoleName="function", AssumeRolePolicyDocument=policy)
    return client("lambda")


def package(size: int = 1) -> bytes:
    """A zip with one file of ``size`` bytes."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("data", "w", force_zip64=True) as member,
    ):
        for start in range(0, size, 1 << 20):
            member.write(bytes(min(1 << 20, size - start)))
    return target.getvalue()


def deploy(functions: Any, content: bytes | None = None, name: str = "f", **settings: Any) -> dict[str, Any]:
    """The answer that creates the function ``name``."""
    code = {"ZipFile": package() if content is None else content}
    created: dict[str, Any] = functions.create_function(
        FunctionName=name, Runtime="python3.11", Handler="main.handler", Role=ROLE, Code=code, **settings
    )
    return created


def with_version_and_alias(client: Callable[[str], Any]) -> Any:
    """A client of Lambda in an account with the function ``f``, its version 1 and the alias ``live``."""
    functions = with_role(client)
    deploy(functions)
    functions.publish_version(FunctionName="f")
    functions.create_alias(FunctionName="f", Name="live", FunctionVersion="1")
    return functions
