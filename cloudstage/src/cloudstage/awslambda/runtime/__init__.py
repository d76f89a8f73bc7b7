"""The program that runs a function, and its environment variables.

Python's and Node.js's programs are the runtime clients beside this file, in an interpreter of the machine;
a function of a ``provided`` runtime brings its own. All speak the Lambda Runtime API.

Source: "Lambda runtimes" and "Defined runtime environment variables" in the Lambda developer guide.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from cloudstage import runtimes
from cloudstage.awslambda.function import FunctionVersion
from cloudstage.awslambda.logs import FunctionLog
from cloudstage.awslambda.runtime import nodejs
from cloudstage.errors import CloudstageError
from cloudstage.runtimes.versions import LAMBDA_PYTHONS

log = logging.getLogger(__name__)

HERE = Path(__file__).parent
OWN_BOOTSTRAP = ("provided.al2", "provided.al2023", "provided")


@dataclass(frozen=True)
class Package:
    """A function's code on this machine: what AWS has under ``/var/task``, and its layers under ``/opt``."""

    task_root: Path
    layers: Path


@dataclass(frozen=True)
class Program:
    """What runs a function: an instance of a runtime for one package.

    Attributes:
        package: the function's code.
        command: the program and its arguments.
        directory: what ``LAMBDA_RUNTIME_DIR`` names.
        variables: variables of this runtime alone.
        substitution: a sentence if it is not the version that AWS has; empty if it is.
    """

    package: Package
    command: tuple[str, ...]
    directory: Path
    variables: Mapping[str, str]
    substitution: str = ""


FindProgram = Callable[[str, Package], Program]


def find_program(runtime: str, package: Package) -> Program:
    """What runs a function of ``runtime``, such as ``python3.12`` or ``nodejs20.x``.

    Raises:
        CloudstageError: the machine has no such program, or cloudstage no such runtime.
    """
    if runtime.removeprefix("python") in LAMBDA_PYTHONS:
        return _python(runtime, package)
    if major := re.fullmatch(r"nodejs(\d+)\.x", runtime):
        return _node(int(major[1]), package)
    if runtime in OWN_BOOTSTRAP:
        return _own_bootstrap(package)
    raise CloudstageError(
        f"cloudstage has no runtime {runtime}. It runs functions of python{LAMBDA_PYTHONS[0]} to "
        f"python{LAMBDA_PYTHONS[-1]}, of nodejs20.x and its neighbours where node is installed, and of "
        "provided.al2023 with an executable file bootstrap in the package."
    )


def function_environment(
    version: FunctionVersion,
    program: Program,
    client_environment: Mapping[str, str],
    log: FunctionLog,
    runtime_api: str,
) -> dict[str, str]:
    """Lambda's "defined runtime environment variables" around the function's own.

    Nothing is inherited from the cloudstage's process. As on AWS, a function can't replace reserved variables.
    ``client_environment`` points AWS's clients at the cloudstage and holds the credentials they use.
    """
    task_root, layers = program.package.task_root, program.package.layers
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
        "LAMBDA_RUNTIME_DIR": str(program.directory),
        "LAMBDA_TASK_ROOT": str(task_root),
    }
    if version.log_level:
        reserved["AWS_LAMBDA_LOG_LEVEL"] = version.log_level
    defaults = {
        "LANG": "en_US.UTF-8",
        "PATH": os.pathsep.join([str(Path(program.command[0]).parent), str(layers / "bin"), os.defpath]),
        "TZ": ":UTC",
        **program.variables,
    }
    # What keeps the process tied to the cloudstage starts with these variables, too: as little as possible.
    if libraries := [path for path in (task_root / "lib", layers / "lib") if path.is_dir()]:
        defaults["LD_LIBRARY_PATH"] = _paths(*libraries)
    return {**defaults, **dict(version.variables), **client_environment, **reserved}


def _python(runtime: str, package: Package) -> Program:
    installed = runtimes.ensure(f"lambda-{runtime}", log.info)
    layers = package.layers / "python"
    return Program(
        package=package,
        command=(str(installed.python), str(HERE / "python/bootstrap.py")),
        directory=HERE / "python",
        variables={"PYTHONPATH": _paths(layers / f"lib/{runtime}/site-packages", layers)},
        substitution=installed.substitution,
    )


def _node(major: int, package: Package) -> Program:
    found = nodejs.find(major)
    modules = package.layers / "nodejs"
    return Program(
        package=package,
        command=(str(found.path), str(HERE / "node/bootstrap.mjs")),
        directory=HERE / "node",
        variables={"NODE_PATH": _paths(modules / f"node{major}/node_modules", modules / "node_modules")},
        substitution=found.substitution(major),
    )


def _own_bootstrap(package: Package) -> Program:
    for directory in (package.task_root, package.layers):
        bootstrap = directory / "bootstrap"
        if os.access(bootstrap, os.X_OK) and bootstrap.is_file():
            return Program(package, (str(bootstrap),), directory, {})
    raise CloudstageError(
        "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]. The package, or one of its layers, "
        "needs a file bootstrap that is executable (chmod +x) and made for this machine."
    )


def _paths(*directories: Path) -> str:
    return os.pathsep.join(map(str, directories))
