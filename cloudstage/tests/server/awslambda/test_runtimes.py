"""Functions of every runtime that this machine has a program for."""

from __future__ import annotations

import io
import stat
import zipfile
from typing import Any

import pytest

from cloudstage.runtimes import interpreters
from cloudstage.runtimes.versions import LAMBDA_PYTHONS

from .deployment import Stage
from .test_failures import failure

VERSIONS = """
    import sys, boto3
    def handler(event, context):
        return {"python": "%d.%d" % sys.version_info[:2], "remaining": context.get_remaining_time_in_millis()}
"""
BOOTSTRAP = """#!/bin/sh
set -eu
api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation"
while true; do
    headers="$(mktemp)"
    event="$(curl -sS -D "$headers" "$api/next")"
    id="$(tr -d '\\r' < "$headers" | sed -n 's/^[Ll]ambda-[Rr]untime-[Aa]ws-[Rr]equest-[Ii]d: //p')"
    echo "handling with $_HANDLER in $LAMBDA_TASK_ROOT"
    printf '{"echo": %s}' "$event" | curl -sS -o /dev/null $CHUNKED --data-binary @- "$api/$id/response"
done
"""


def archive(files: dict[str, str], mode: int = 0o755) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as zipped:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = (stat.S_IFREG | mode) << 16
            zipped.writestr(entry, text)
    return target.getvalue()


@pytest.mark.parametrize("version", LAMBDA_PYTHONS)
def test_a_python_function_runs_with_its_python_or_the_nearest_and_says_so(
    stage: Stage, name: str, version: str
) -> None:
    stage.deploy(name, VERSIONS, Runtime=f"python{version}", MemorySize=256, Timeout=20)

    result = stage.invoke(name)["result"]

    used = (interpreters.bring(version) or interpreters.nearest(version)).version
    assert result["python"] == used
    said = f"INIT_START Python {version} is not on this machine; running with {used}. Install it: uv python"
    assert any(line.startswith(said) for line in stage.log(f"/aws/lambda/{name}")) == (used != version)


@pytest.mark.parametrize("option", ["", "-HTransfer-Encoding:chunked"], ids=["with length", "in chunks"])
def test_a_runtime_of_one_s_own_is_executed(stage: Stage, name: str, option: str) -> None:
    settings: dict[str, Any] = {"Timeout": 20, "Environment": {"Variables": {"CHUNKED": option}}}
    package = archive({"bootstrap": BOOTSTRAP})
    stage.deploy_package(name, package, Runtime="provided.al2023", **settings)

    assert stage.invoke(name, [1, "two"])["result"] == {"echo": [1, "two"]}
    assert any(
        line.startswith("handling with main.handler in /") for line in stage.log(f"/aws/lambda/{name}")
    )


@pytest.mark.parametrize(
    ("files", "mode"), [({"bootstrap": BOOTSTRAP}, 0o644), ({"other": ""}, 0o755)], ids=["no program", "none"]
)
def test_a_bootstrap_that_can_not_be_executed_is_named(
    stage: Stage, name: str, files: dict[str, str], mode: int
) -> None:
    stage.deploy_package(name, archive(files, mode), Runtime="provided.al2023")

    report = failure(stage.invoke(name))

    assert "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]" in report["errorMessage"]


@pytest.mark.parametrize("runtime", ["python3.11", "nodejs20.x"])
def test_layers_are_merged_and_later_ones_win(stage: Stage, name: str, runtime: str) -> None:
    layers = [
        stage.client("lambda").publish_layer_version(
            LayerName=f"{name}-{number}",
            Content={
                "ZipFile": archive(
                    {
                        f"python/only_{number}.py": "",
                        "python/both.py": f"NUMBER = {number}",
                        "nodejs/node_modules/both/index.js": f"exports.number = {number}",
                    }
                )
            },
        )["LayerVersionArn"]
        for number in (1, 2)
    ]
    settings: dict[str, Any] = {"Runtime": runtime, "Layers": layers}
    if runtime.startswith("python"):
        stage.deploy(name, "import both, only_1, only_2\ndef handler(e, c): return both.NUMBER", **settings)
    else:
        source = "const both = require('both'); exports.handler = async () => both.number"
        stage.deploy_package(name, archive({"main.js": source}), **settings)

    assert stage.invoke(name)["result"] == 2
