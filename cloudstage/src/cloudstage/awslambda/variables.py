"""The environment variables of a function's process."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cloudstage.awslambda.function import FunctionVersion
from cloudstage.awslambda.logs import FunctionLog

BOOTSTRAP = Path(__file__).parent / "runtime" / "python" / "bootstrap.py"


@dataclass(frozen=True)
class Installation:
    """Where the parts of a function version are on this machine."""

    python: Path
    task_root: Path
    layers: tuple[Path, ...]


def function_environment(
    version: FunctionVersion,
    installation: Installation,
    client_environment: Mapping[str, str],
    log: FunctionLog,
    runtime_api: str,
) -> dict[str, str]:
    """Lambda's "defined runtime environment variables" around the function's own.

    Nothing is inherited from the cloudstage's process. As on AWS, a function can't replace reserved variables.
    """
    reserved = {
        "_HANDLER": version.handler,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{version.runtime}",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(version.memory_mb),
        "AWS_LAMBDA_FUNCTION_NAME": version.name,
        "AWS_LAMBDA_FUNCTION_VERSION": version.version,
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_FORMAT": version.log_format,
        "AWS_LAMBDA_LOG_GROUP_NAME": log.group,
        "AWS_LAMBDA_LOG_STREAM_NAME": log.stream,
        "AWS_LAMBDA_RUNTIME_API": runtime_api,
        "AWS_REGION": version.region,
        "AWS_DEFAULT_REGION": version.region,
        "LAMBDA_RUNTIME_DIR": str(BOOTSTRAP.parent),
        "LAMBDA_TASK_ROOT": str(installation.task_root),
    }
    if version.log_level:
        reserved["AWS_LAMBDA_LOG_LEVEL"] = version.log_level
    return {**_defaults(installation), **dict(version.variables), **client_environment, **reserved}


def _defaults(installation: Installation) -> dict[str, str]:
    defaults = {
        "LANG": "en_US.UTF-8",
        "PATH": os.pathsep.join([str(installation.python.parent), os.defpath]),
        "TZ": ":UTC",
    }
    if installation.layers:
        defaults["PYTHONPATH"] = os.pathsep.join(str(layer / "python") for layer in installation.layers)
    return defaults
