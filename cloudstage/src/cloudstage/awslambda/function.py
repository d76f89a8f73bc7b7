"""The parts of a deployed function that are needed to run it."""

from __future__ import annotations

import base64
import binascii
import random
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class FunctionVersion:
    """One version of a function as it is configured now; equal ones may share execution environments.

    ``arn`` ends with the version (or ``$LATEST``). Memory is in MB, the timeout in seconds, digests are
    hexadecimal. ``concurrency`` is what the function reserves, None if nothing.
    """

    arn: str
    name: str
    version: str
    role_arn: str
    handler: str
    runtime: str
    memory_mb: int
    timeout_seconds: int
    variables: tuple[tuple[str, str], ...]
    code_sha256: str
    layer_sha256: tuple[str, ...]
    log_group: str
    log_format: str
    log_level: str
    region: str
    role: str
    concurrency: int | None

    @property
    def session_name(self) -> str:
        """That of the role's session: the function's name, or a longer one, as sessions need two characters."""
        return self.name if len(self.name) > 1 else f"{self.name}@lambda_function"


def of(function: Any) -> FunctionVersion:
    """The version that moto's ``LambdaFunction`` describes."""
    configuration = function.get_configuration()
    reserved = function.reserved_concurrency
    logging = configuration.get("LoggingConfig") or {}
    return FunctionVersion(
        arn=f"{_unqualified(function)}:{function.version}",
        name=function.function_name,
        version=str(function.version),
        role_arn=function.role,
        handler=function.handler or "",
        runtime=function.run_time or "",
        memory_mb=int(function.memory_size),
        timeout_seconds=int(function.timeout),
        variables=tuple(sorted((key, str(value)) for key, value in function.environment_vars.items())),
        code_sha256=_hexadecimal(function.code_sha_256),
        layer_sha256=tuple(_hexadecimal(layer.code_sha_256) for layer in layers_of(function)),
        log_group=logging.get("LogGroup") or f"/aws/lambda/{function.function_name}",
        log_format=logging.get("LogFormat", "Text"),
        log_level=logging.get("ApplicationLogLevel", ""),
        region=function.region,
        role=function.role or "",
        concurrency=None if reserved is None else int(reserved),
    )


def layers_of(function: Any) -> list[Any]:
    """moto's ``LayerVersion`` objects of the function, in the order of its configuration."""
    from moto.awslambda.utils import get_backend

    backend = get_backend(function.account_id, function.region)
    found = [backend.layers_versions_by_arn(layer["Arn"]) for layer in function.layers]
    return [layer for layer in found if layer is not None]


def routed(function: Any, invoked_arn: str) -> Any:
    """The version to which the alias in ``invoked_arn`` sends one invocation, by the weights of its versions."""
    from moto.awslambda.utils import get_backend

    backend = get_backend(function.account_id, function.region)
    aliases: dict[str, Any] = backend._lambdas._aliases.get(_unqualified(function)) or {}
    alias = aliases.get(invoked_arn.rpartition(":")[2])
    routing: dict[str, Any] = (alias.routing_config if alias else None) or {}
    weights: dict[str, float] = routing.get("AdditionalVersionWeights") or {}
    left = random.random()  # noqa: S311 (no secret)
    for version, weight in weights.items():
        left -= weight
        if left < 0:
            return backend.get_function(function.function_name, version)
    return function


def arn_as_invoked(function: Any, name: str, qualifier: str | None) -> str:
    """The ARN of ``function`` with the version or alias by which a caller named it, if any.

    ``name`` may be a name, a partial ARN or an ARN, each with or without a qualifier of its own.
    """
    named = name.rsplit(":function:", maxsplit=1)[-1].partition(":")[2] or qualifier
    return f"{_unqualified(function)}:{named}" if named else _unqualified(function)


def _unqualified(function: Any) -> str:
    return ":".join(function.function_arn.split(":")[:7])


def _hexadecimal(sha256: str) -> str:
    """moto keeps zip digests in base64, as the API shows them, and those of missing code as nothing."""
    try:
        return base64.b64decode(sha256, validate=True).hex()
    except binascii.Error:
        return sha256
