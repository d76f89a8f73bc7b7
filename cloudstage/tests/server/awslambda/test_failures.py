"""What a caller learns when a function fails, in Lambda's words."""

from __future__ import annotations

import json
import os
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from .deadline import eventually
from .deployment import Stage, zipped


def failure(answer: dict[str, Any]) -> dict[str, Any]:
    assert answer["FunctionError"] == "Unhandled"
    result: dict[str, Any] = answer["result"]
    return result


def test_an_exception_is_reported_and_the_environment_stays(stage: Stage, name: str) -> None:
    source = """
        import os
        def fail():
            raise KeyError("signal")
        def handler(event, context):
            return os.getpid() if event["fine"] else fail()
    """
    stage.deploy(name, source)
    process = stage.invoke(name, {"fine": True})["result"]

    report = failure(stage.invoke(name, {"fine": False}))

    assert report["errorType"] == "KeyError"
    assert report["errorMessage"] == "'signal'"
    assert [frame.split(", ")[2].split("\n")[0] for frame in report["stackTrace"]] == [
        "in handler",
        "in fail",
    ]
    assert stage.invoke(name, {"fine": True})["result"] == process
    [logged] = [
        line for line in stage.log(f"/aws/lambda/{name}") if line.startswith("[ERROR] KeyError: 'signal'\n")
    ]
    assert "Traceback (most recent call last):\n" in logged


@pytest.mark.parametrize(
    ("source", "handler", "reported"),
    [
        (
            "import nowhere",
            "main.handler",
            "Runtime.ImportModuleError: Unable to import module 'main': No module",
        ),
        ("x = 1", "main.handler", "Runtime.HandlerNotFound: Handler 'handler' missing on module 'main'"),
        ("x =", "main.handler", "Runtime.UserCodeSyntaxError: Syntax error in module 'main': invalid syntax"),
        ("x = 1", "handler", "Runtime.MalformedHandlerName: Bad handler 'handler'"),
        ("raise ValueError('at import')", "main.handler", "ValueError: at import"),
    ],
    ids=["import", "no handler", "syntax", "malformed", "exception"],
)
def test_a_function_that_can_not_be_loaded_says_why(
    stage: Stage, name: str, source: str, handler: str, reported: str
) -> None:
    stage.deploy(name, source)
    stage.client("lambda").update_function_configuration(FunctionName=name, Handler=handler)

    report = failure(stage.invoke(name))

    assert f"{report['errorType']}: {report['errorMessage']}".startswith(reported)
    assert any(line.startswith(f"[ERROR] {reported}") for line in stage.log(f"/aws/lambda/{name}"))


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("os._exit(1)", "Runtime exited with error: exit status 1"),
        ("sys.exit(3)", "Runtime exited with error: exit status 3"),
        ("os._exit(0)", "Runtime exited without providing a reason"),
        ("os.kill(os.getpid(), 9)", "Runtime exited with error: signal: killed"),
    ],
)
def test_a_process_that_ends_is_reported_and_replaced(
    stage: Stage, name: str, statement: str, message: str
) -> None:
    source = f"""
        import os, sys
        def handler(event, context):
            if event == "die":
                {statement}
            return "alive"
    """
    stage.deploy(name, source)

    report = failure(stage.invoke(name, "die"))

    assert report["errorType"] == "Runtime.ExitError"
    assert report["errorMessage"].endswith(f" Error: {message}")
    assert stage.invoke(name, "live")["result"] == "alive"


def test_a_function_that_takes_too_long_is_stopped_with_what_it_started(
    stage: Stage, name: str, tmp_path: Path
) -> None:
    source = """
        import os, pathlib, subprocess, sys, time
        def handler(event, context):
            sleeper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
            pathlib.Path(event).write_text(f"{os.getpid()} {sleeper.pid}")
            print("begun")
            time.sleep(600)
    """
    stage.deploy(name, source, Timeout=1)

    report = failure(stage.invoke(name, str(tmp_path / "processes")))

    assert report["errorType"] == "Sandbox.Timedout"
    assert report["errorMessage"].endswith(" Error: Task timed out after 1.00 seconds")
    log = stage.log(f"/aws/lambda/{name}")
    assert "begun\n" in log
    assert any(line.endswith(" Task timed out after 1.00 seconds\n") for line in log)
    for process in (tmp_path / "processes").read_text().split():
        eventually(partial(has_ended, int(process)))


def has_ended(process: int) -> bool:
    """Whether ``process`` is gone, or a zombie that nobody has collected yet."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    stat = Path(f"/proc/{process}/stat")
    return stat.exists() and stat.read_text().rsplit(")")[-1].split()[0] == "Z"


def test_a_function_that_needs_more_memory_than_it_has_fails_as_on_aws(stage: Stage, name: str) -> None:
    stage.deploy(name, "def handler(event, context): return len(b'x' * 300_000_000)", MemorySize=128)

    report = failure(stage.invoke(name))

    assert report["errorType"] == "Runtime.OutOfMemory"
    assert report["errorMessage"].endswith("Runtime exited with error: signal: killed")
    assert any("raise its memory" in line for line in stage.log(f"/aws/lambda/{name}"))


@pytest.mark.parametrize(
    ("expression", "error_type"),
    [
        ("object()", "Runtime.MarshalError"),
        ("b'\\xff'", "Runtime.MarshalError"),
        ("'x' * (6_291_556 - 1)", "Function.ResponseSizeTooLarge"),
    ],
)
def test_a_result_that_can_not_be_returned(stage: Stage, name: str, expression: str, error_type: str) -> None:
    stage.deploy(name, f"def handler(event, context): return {expression}", MemorySize=256)

    assert failure(stage.invoke(name))["errorType"] == error_type


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("b'text'", "text"),
        ("{'a': [b'text', (1, 2)], b'b': None}", {"a": ["text", [1, 2]], "b": None}),
        ("__import__('collections').namedtuple('Point', 'x y')(1, b'2')", {"x": 1, "y": "2"}),
        ("__import__('decimal').Decimal('1.5')", 1.5),
        ("'x' * (6_291_556 - 2)", "x" * (6_291_556 - 2)),
    ],
    ids=["bytes", "nested", "named tuple", "decimal", "as large as can be"],
)
def test_a_result_that_lambda_s_encoder_takes(
    stage: Stage, name: str, expression: str, result: object
) -> None:
    stage.deploy(name, f"def handler(event, context): return {expression}", MemorySize=256)

    assert stage.invoke(name)["result"] == result


def test_a_runtime_that_is_not_there_is_named(stage: Stage, name: str) -> None:
    stage.deploy(name, "x = 1")
    stage.client("lambda").update_function_configuration(FunctionName=name, Runtime="java21")

    report = failure(stage.invoke(name))

    assert report["errorType"] == "Cloudstage.NotStarted"
    assert "java21" in report["errorMessage"]


def test_reserved_concurrency_throttles(stage: Stage, name: str) -> None:
    """With one environment reserved, a function that invokes itself finds no room."""
    source = """
        import boto3, botocore
        def handler(event, context):
            config = botocore.config.Config(retries={"total_max_attempts": 1})
            client = boto3.client("lambda", config=config)
            try:
                client.invoke(FunctionName=context.function_name)
            except client.exceptions.TooManyRequestsException:
                return "throttled"
    """
    stage.deploy(name, source, Timeout=20, MemorySize=256)
    stage.client("lambda").put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=1)

    assert stage.invoke(name)["result"] == "throttled"


def test_a_function_updated_while_it_runs_ends_its_event(stage: Stage, name: str, tmp_path: Path) -> None:
    """The update happens in the middle of the event, which the old code finishes."""
    source = """
        import boto3, json
        def handler(event, context):
            boto3.client("lambda").update_function_configuration(
                FunctionName=context.function_name, Environment={"Variables": {"A": "b"}})
            return boto3.client("lambda").invoke(FunctionName="%s")["Payload"].read().decode()
    """
    inner = f"{name}-inner"
    stage.deploy(inner, "def handler(event, context): return 'inner'")
    stage.deploy(name, source % inner, Timeout=20, MemorySize=256)

    assert json.loads(stage.invoke(name)["result"]) == "inner"
    stage.client("lambda").update_function_code(
        FunctionName=name, ZipFile=zipped(main="def handler(event, context): return 'new'")
    )
    assert stage.invoke(name)["result"] == "new"
