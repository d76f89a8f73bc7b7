"""Node.js functions: handlers of every kind, their context, logs and errors."""

from __future__ import annotations

import base64
import json
import textwrap
from typing import Any

import pytest

from cloudstage.awslambda.runtime import nodejs

from .deployment import Stage
from .test_failures import failure
from .test_runtimes import archive


def deploy(stage: Stage, name: str, source: str, file: str = "main.js", **settings: Any) -> str:
    package = archive({file: textwrap.dedent(source)})
    return stage.deploy_package(name, package, **({"Runtime": "nodejs20.x", "MemorySize": 256} | settings))


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("main.js", "exports.handler = async (event) => ({ doubled: event.n * 2 })"),
        ("main.js", "exports.handler = (event, context, done) => done(null, { doubled: event.n * 2 })"),
        ("main.js", "exports.handler = (event, context) => context.succeed({ doubled: event.n * 2 })"),
        (
            "main.js",
            "exports.handler = (e, c, done) => { setTimeout(() => done(null, { doubled: e.n * 2 }), 1) }",
        ),
        ("main.mjs", "export const handler = async (event) => ({ doubled: event.n * 2 })"),
        ("main.cjs", "exports.handler = async (event) => ({ doubled: event.n * 2 })"),
    ],
    ids=["async", "callback", "succeed", "later callback", "ES module", "cjs"],
)
def test_handlers_of_every_kind(stage: Stage, name: str, file: str, source: str) -> None:
    deploy(stage, name, source, file)

    assert [stage.invoke(name, {"n": n})["result"] for n in (21, 4)] == [{"doubled": 42}, {"doubled": 8}]
    assert sum("Init Duration" in line for line in stage.log(f"/aws/lambda/{name}")) == 1


@pytest.mark.parametrize(
    ("package_type", "source"),
    [
        ("module", "export const handler = async () => 'here'"),
        ("commonjs", "exports.handler = async () => 'here'"),
    ],
)
def test_the_type_of_a_package_decides(stage: Stage, name: str, package_type: str, source: str) -> None:
    files = {"package.json": json.dumps({"type": package_type}), "source/main.js": source}
    stage.deploy_package(name, archive(files), Runtime="nodejs20.x", Handler="source/main.handler")

    assert stage.invoke(name)["result"] == "here"


@pytest.mark.parametrize(
    "source",
    [
        "exports.handler = async () => undefined",
        "exports.handler = () => {}",
        "exports.handler = () => new Promise(() => {})",
    ],
    ids=["undefined", "no answer", "a promise nobody keeps"],
)
def test_without_a_result_the_answer_is_null(stage: Stage, name: str, source: str) -> None:
    deploy(stage, name, source)

    assert [stage.invoke(name) | {"ResponseMetadata": 0} for _ in range(2)][1]["result"] is None


def test_a_callback_waits_for_the_event_loop_unless_told_not_to(stage: Stage, name: str) -> None:
    source = """
        let ticks = 0
        exports.handler = (event, context, done) => {
            context.callbackWaitsForEmptyEventLoop = event.wait
            setTimeout(() => { ticks += 1 }, 50)
            done(null, ticks)
        }
        exports.count = async () => ticks
    """
    deploy(stage, name, source)

    assert stage.invoke(name, {"wait": True})["result"] == 0
    assert stage.invoke(name, {"wait": True})["result"] == 1


def test_the_context_has_what_lambda_gives(stage: Stage, name: str) -> None:
    source = """
        exports.handler = async (event, context) => ({
            ...context, left: context.getRemainingTimeInMillis(), custom: context.clientContext.custom,
        })
    """
    arn = deploy(stage, name, source, Timeout=20)
    client_context = base64.b64encode(json.dumps({"custom": {"k": "v"}}).encode()).decode()

    seen = stage.invoke(name, {}, ClientContext=client_context)["result"]

    assert 15_000 < seen["left"] <= 20_000
    assert (seen["functionName"], seen["functionVersion"], seen["memoryLimitInMB"]) == (
        name,
        "$LATEST",
        "256",
    )
    assert (seen["invokedFunctionArn"], seen["logGroupName"]) == (arn, f"/aws/lambda/{name}")
    assert seen["custom"] == {"k": "v"}
    assert seen["callbackWaitsForEmptyEventLoop"] is True


def test_console_goes_to_the_log(stage: Stage, name: str) -> None:
    source = """
        console.log("loading")
        exports.handler = async () => {
            console.log("two\\nlines", { n: 1 })
            console.error("bad")
            process.stdout.write("raw\\n")
        }
    """
    deploy(stage, name, source)

    stage.invoke(name)

    start, *lines, end, _ = stage.log(f"/aws/lambda/{name}")
    request_id = start.split()[2]
    assert lines[0].endswith("Z\tundefined\tINFO\tloading\n")
    assert lines[1].endswith(f"Z\t{request_id}\tINFO\ttwo\nlines {{ n: 1 }}\n")
    assert lines[2].endswith(f"Z\t{request_id}\tERROR\tbad\n")
    assert lines[3] == "raw\n"
    assert end == f"END RequestId: {request_id}\n"


def test_a_json_log_has_levels(stage: Stage, name: str) -> None:
    source = "exports.handler = async () => { console.debug('low'); console.warn('high %d', 5) }"
    logging = {"LogFormat": "JSON", "ApplicationLogLevel": "WARN"}
    deploy(stage, name, source, LoggingConfig=logging)

    stage.invoke(name)

    entries = [json.loads(line) for line in stage.log(f"/aws/lambda/{name}") if line.startswith("{")]
    assert [(entry["level"], entry["message"]) for entry in entries] == [("WARN", "high 5")]


@pytest.mark.parametrize(
    "source",
    [
        "class Odd extends Error { name = 'Odd' }; exports.handler = async () => { throw new Odd('no') }",
        "class Odd extends Error { name = 'Odd' }; exports.handler = (e, c, done) => done(new Odd('no'))",
        "class Odd extends Error { name = 'Odd' }; exports.handler = () => { throw new Odd('no') }",
    ],
    ids=["async", "callback", "thrown"],
)
def test_an_error_has_its_type_message_and_stack(stage: Stage, name: str, source: str) -> None:
    deploy(stage, name, source)

    report = failure(stage.invoke(name))

    assert (report["errorType"], report["errorMessage"]) == ("Odd", "no")
    assert report["trace"][0].endswith("no")
    assert any("main.js:1:" in line for line in report["trace"])
    assert any("\tERROR\tInvoke Error \t" in line for line in stage.log(f"/aws/lambda/{name}"))


@pytest.mark.parametrize(
    ("files", "handler", "reported"),
    [
        (
            {"main.js": "exports.x = 1"},
            "main.handler",
            "Runtime.HandlerNotFound: main.handler is undefined or",
        ),
        ({"other.js": ""}, "main.handler", "Runtime.ImportModuleError: Error: Cannot find module 'main'"),
        (
            {"main.js": "const ="},
            "main.handler",
            "Runtime.UserCodeSyntaxError: SyntaxError: Unexpected token",
        ),
        (
            {"main.js": "require('nowhere')"},
            "main.handler",
            "Runtime.ImportModuleError: Error: Cannot find module 'nowhere'",
        ),
        ({"main.js": "throw new TypeError('early')"}, "main.handler", "TypeError: early"),
        ({"main.js": ""}, "main", "Runtime.MalformedHandlerName: Bad handler"),
    ],
    ids=["no handler", "no file", "syntax", "no module", "at load", "malformed"],
)
def test_a_function_that_can_not_be_loaded_says_why(
    stage: Stage, name: str, files: dict[str, str], handler: str, reported: str
) -> None:
    stage.deploy_package(name, archive(files), Runtime="nodejs20.x", Handler=handler)

    report = failure(stage.invoke(name))

    assert f"{report['errorType']}: {report['errorMessage']}".startswith(reported)


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("main.js", "require('@aws-sdk/client-s3'); exports.handler = async () => 1"),
        ("main.mjs", "import { S3Client } from '@aws-sdk/client-s3'; export const handler = async () => 1"),
    ],
)
def test_a_function_without_the_sdk_is_told_to_bundle_it(
    stage: Stage, name: str, file: str, source: str
) -> None:
    deploy(stage, name, source, file)

    message = failure(stage.invoke(name))["errorMessage"]

    assert "'@aws-sdk/client-s3'" in message
    assert "bundle it with the function" in message


def test_a_rejection_nobody_handles_ends_the_process(stage: Stage, name: str) -> None:
    source = """
        exports.handler = async (event) => {
            if (event === "die") { Promise.reject(new Error("lost")); await new Promise((go) => setTimeout(go, 5000)) }
            return process.pid
        }
    """
    deploy(stage, name, source, Timeout=10)
    process = stage.invoke(name, "live")["result"]

    report = failure(stage.invoke(name, "die"))

    assert (report["errorType"], report["errorMessage"]) == (
        "Runtime.UnhandledPromiseRejection",
        "Error: lost",
    )
    assert stage.invoke(name, "live")["result"] != process


def test_another_version_of_node_is_used_and_the_log_says_so(stage: Stage, name: str) -> None:
    used = nodejs.find(98)
    deploy(stage, name, "exports.handler = async () => process.version", Runtime="nodejs98.x")

    assert stage.invoke(name)["result"].startswith(f"v{used.major}.")
    said = f"INIT_START Node.js 98 is not on this machine; running with {used.major}. Install it"
    assert any(line.startswith(said) for line in stage.log(f"/aws/lambda/{name}"))


def test_without_node_the_error_says_what_to_install(
    stage: Stage, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nodejs, "_installed", lambda: ())
    deploy(stage, name, "exports.handler = async () => 1")

    message = failure(stage.invoke(name))["errorMessage"]

    assert "nodejs20.x needs Node.js" in message
    assert "Install it from https://nodejs.org" in message
