"""A gap in moto's Lambda functions: packages that AWS refuses.

Source: "Lambda quotas" in the Lambda developer guide, and the service's own messages.
"""

from __future__ import annotations

import io
import zipfile
from typing import Any

from moto.awslambda.exceptions import InvalidParameterValueException
from moto.awslambda.models import LambdaFunction

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch

LARGEST_UNZIPPED = 262_144_000
"""Bytes, the function's layers included."""


@adapter
def packages_are_examined(patch: Patch) -> None:
    """A package that is no zip, or too large once unzipped, is refused when it is deployed.

    moto 5.2.5 takes anything, so that a job which has grown too large would fail on AWS alone.
    """
    original = LambdaFunction._set_function_code

    def set_function_code(self: Any, updated_spec: dict[str, Any]) -> None:
        before = vars(self) | {"code": dict(self.code)}
        original(self, updated_spec)
        try:
            _examine(self)
        except InvalidParameterValueException:
            vars(self).update(before)
            raise

    patch.replace(LambdaFunction, "_set_function_code", set_function_code)


def _examine(function: Any) -> None:
    content = getattr(function, "code_bytes", b"")
    layers = sum(layer["CodeSize"] for layer in function.layers)
    if content and _unzipped_size(content) + layers > LARGEST_UNZIPPED:
        raise InvalidParameterValueException(f"Unzipped size must be smaller than {LARGEST_UNZIPPED} bytes")


def _unzipped_size(content: bytes) -> int:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return sum(member.file_size for member in archive.infolist())
    except zipfile.BadZipFile:
        raise InvalidParameterValueException(
            "Could not unzip uploaded file. Please check your file, then try to upload again."
        ) from None
