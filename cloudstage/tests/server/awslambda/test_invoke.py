"""Functions run in processes of their own, from their deployed package alone."""

from __future__ import annotations

import base64
import concurrent.futures
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .deadline import eventually
from .deployment import Stage, zipped
from .events import Events

REPORT_PID = "import os\ndef handler(event, context): return os.getpid()"


def test_a_function_gets_its_event_and_returns_its_result(stage: Stage, name: str) -> None:
    stage.deploy(name, "def handler(event, context): return {'doubled': event['n'] * 2, 'text': 'Zürich'}")

    answer = stage.invoke(name, {"n": 21})

    assert answer["result"] == {"doubled": 42, "text": "Zürich"}
    assert answer["StatusCode"] == 200
    assert answer["ExecutedVersion"] == "$LATEST"
    assert "FunctionError" not in answer


def test_output_is_logged_between_start_end_and_report(stage: Stage, name: str) -> None:
    source = """
        import logging, sys
        print("loading")
        def handler(event, context):
            print("out")
            print("err", file=sys.stderr)
            logging.warning("two\\nlines")
            print("no line end", end="")
    """
    stage.deploy(name, source)

    answer = stage.invoke(name, {}, LogType="Tail")

    messages = stage.log(f"/aws/lambda/{name}")
    start, *lines, end, report = messages
    request_id = start.split()[2]
    assert start == f"START RequestId: {request_id} Version: $LATEST\n"
    assert lines[:3] == ["loading\n", "out\n", "err\n"]
    assert lines[3].startswith("[WARNING]\t")
    assert lines[3].endswith(f"Z\t{request_id}\ttwo\nlines\n")
    assert lines[4] == "no line end\n"
    assert end == f"END RequestId: {request_id}\n"
    assert report.startswith(f"REPORT RequestId: {request_id}\tDuration: ")
    assert "\tMemory Size: 128 MB\tMax Memory Used: " in report
    assert "\tInit Duration: " in report
    assert base64.b64decode(answer["LogResult"]).decode() == "".join(messages)


def test_a_log_group_and_format_of_ones_own(stage: Stage, name: str) -> None:
    source = """
        import logging
        log = logging.getLogger("register")
        def handler(event, context):
            log.info("arrived")
            try:
                1 / 0
            except ZeroDivisionError:
                log.exception("went wrong")
    """
    stage.deploy(name, source, LoggingConfig={"LogFormat": "JSON", "LogGroup": f"/own/{name}"})

    stage.invoke(name)

    entries = [json.loads(line) for line in stage.log(f"/own/{name}") if line.startswith("{")]
    assert [(entry["level"], entry["message"], entry["logger"]) for entry in entries] == [
        ("INFO", "arrived", "register"),
        ("ERROR", "went wrong", "register"),
    ]
    assert "ZeroDivisionError" in entries[1]["stackTrace"]
    assert entries[0]["requestId"] in stage.log(f"/own/{name}")[0]


def test_the_context_tells_what_lambda_tells(stage: Stage, name: str) -> None:
    source = """
        def handler(event, context):
            return {
                "function_name": context.function_name,
                "function_version": context.function_version,
                "memory_limit_in_mb": context.memory_limit_in_mb,
                "invoked_function_arn": context.invoked_function_arn,
                "log_group_name": context.log_group_name,
                "log_stream_name": context.log_stream_name,
                "remaining": context.get_remaining_time_in_millis(),
                "custom": context.client_context.custom,
            }
    """
    arn = stage.deploy(name, source, MemorySize=256, Timeout=20)
    client_context = base64.b64encode(json.dumps({"custom": {"k": "v"}}).encode()).decode()

    told = stage.invoke(name, {}, ClientContext=client_context)["result"]

    assert 15_000 < told.pop("remaining") <= 20_000
    assert told.pop("log_stream_name").split("]")[0].endswith("/[$LATEST")
    assert told == {
        "function_name": name,
        "function_version": "$LATEST",
        "memory_limit_in_mb": "256",
        "invoked_function_arn": arn,
        "log_group_name": f"/aws/lambda/{name}",
        "custom": {"k": "v"},
    }


def test_only_the_package_and_the_runtime_can_be_imported(stage: Stage, name: str) -> None:
    source = """
        import importlib.util, os, sys
        def handler(event, context):
            found = {name: bool(importlib.util.find_spec(name)) for name in event}
            root = os.environ["LAMBDA_TASK_ROOT"]
            return {"found": found, "cwd": os.getcwd(), "first": sys.path[0], "root": root}
    """
    stage.deploy(name, source)

    seen = stage.invoke(name, ["ops", "dst", "etl", "moto", "boto3"])["result"]

    assert seen["found"] == {"ops": False, "dst": False, "etl": False, "moto": False, "boto3": True}
    assert seen["cwd"] == seen["first"] == seen["root"]


def test_the_environment_holds_the_functions_variables_and_nothing_of_the_stages(
    stage: Stage, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_OF_THE_STAGE", "x")
    variables = {"MODE": "fast", "AWS_LAMBDA_FUNCTION_NAME": "another"}
    source = "import os\ndef handler(event, context): return dict(os.environ)"
    stage.deploy(name, source, Environment={"Variables": variables})

    seen = stage.invoke(name)["result"]

    assert "SECRET_OF_THE_STAGE" not in seen
    assert seen["MODE"] == "fast"
    assert seen["AWS_LAMBDA_FUNCTION_NAME"] == name
    assert seen["_HANDLER"] == "main.handler"
    assert seen["AWS_ENDPOINT_URL"] == stage.context.endpoint


def test_a_function_reaches_the_stage(stage: Stage, name: str) -> None:
    source = """
        import boto3
        def handler(event, context):
            return boto3.client("sts").get_caller_identity()["Account"]
    """
    stage.deploy(name, source, Timeout=20, MemorySize=256)

    assert stage.invoke(name)["result"] == stage.context.account_id


def test_an_environment_is_used_again(stage: Stage, name: str) -> None:
    stage.deploy(name, REPORT_PID)

    assert stage.invoke(name)["result"] == stage.invoke(name)["result"]
    assert sum("Init Duration" in line for line in stage.log(f"/aws/lambda/{name}")) == 1


def test_invocations_at_the_same_time_get_environments_of_their_own(
    stage: Stage, name: str, tmp_path: Path
) -> None:
    """Each invocation waits for the other one, so neither can end unless both run."""
    source = """
        import pathlib, time
        def handler(event, context):
            here = pathlib.Path(event["directory"])
            (here / context.aws_request_id).touch()
            while len(list(here.iterdir())) < 2:
                time.sleep(0.005)
    """
    stage.deploy(name, source, Timeout=20)

    with concurrent.futures.ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(lambda _: stage.invoke(name, {"directory": str(tmp_path)}), range(2)))

    assert ["FunctionError" in answer for answer in answers] == [False, False]


@pytest.mark.parametrize("change", ["code", "configuration"])
def test_an_update_starts_new_environments(stage: Stage, name: str, change: str) -> None:
    stage.deploy(name, "import os\ndef handler(event, context): return ['old', os.environ.get('MODE')]")
    assert stage.invoke(name)["result"] == ["old", None]
    if change == "code":
        source = "import os\ndef handler(event, context): return ['new', os.environ.get('MODE')]"
        stage.client("lambda").update_function_code(FunctionName=name, ZipFile=zipped(main=source))
    else:
        stage.client("lambda").update_function_configuration(
            FunctionName=name, Environment={"Variables": {"MODE": "m"}}
        )

    assert stage.invoke(name)["result"] == (["new", None] if change == "code" else ["old", "m"])


def test_versions_and_aliases_run_their_own_code(stage: Stage, name: str) -> None:
    client = stage.client("lambda")
    stage.deploy(name, "def handler(event, context): return ['first', context.function_version]")
    client.publish_version(FunctionName=name)
    client.create_alias(FunctionName=name, Name="live", FunctionVersion="1")
    source = "def handler(event, context): return ['second', context.function_version]"
    client.update_function_code(FunctionName=name, ZipFile=zipped(main=source))

    assert stage.invoke(name)["result"] == ["second", "$LATEST"]
    assert stage.invoke(name, Qualifier="1")["result"] == ["first", "1"]
    assert stage.invoke(f"{name}:live")["result"] == ["first", "1"]


def test_an_alias_sends_a_share_of_invocations_to_another_version(stage: Stage, name: str) -> None:
    client = stage.client("lambda")
    stage.deploy(name, "def handler(event, context): return context.function_version")
    client.publish_version(FunctionName=name)
    client.update_function_configuration(FunctionName=name, Description="second")
    client.publish_version(FunctionName=name)
    client.create_alias(FunctionName=name, Name="live", FunctionVersion="1")

    for weight, version in ((0.0, "1"), (1.0, "2")):
        routing = {"AdditionalVersionWeights": {"2": weight}}
        client.update_alias(FunctionName=name, Name="live", RoutingConfig=routing)
        answer = stage.invoke(name, Qualifier="live")
        assert (answer["result"], answer["ExecutedVersion"]) == (version, version)


@pytest.mark.parametrize("kind", ["RequestResponse", "Event"])
def test_the_answer_has_the_request_id_that_the_function_logs(stage: Stage, name: str, kind: str) -> None:
    stage.deploy(name, REPORT_PID)

    request_id = stage.invoke(name, InvocationType=kind)["ResponseMetadata"]["RequestId"]

    end = f"END RequestId: {request_id}\n"
    groups = stage.client("logs").describe_log_groups
    eventually(lambda: groups(logGroupNamePrefix=f"/aws/lambda/{name}")["logGroups"])
    eventually(lambda: end in stage.log(f"/aws/lambda/{name}"))


@pytest.mark.parametrize("kind", ["RequestResponse", "Event"])
def test_a_function_sees_the_qualifier_it_was_called_by(
    stage: Stage, name: str, kind: str, events: Events
) -> None:
    source = """
        import os, pathlib
        def handler(event, context):
            target = pathlib.Path(os.environ["TARGET"], context.aws_request_id)
            target.with_suffix(".new").write_text('"' + context.invoked_function_arn + '"')
            target.with_suffix(".new").rename(target.with_suffix(".json"))
    """
    client = stage.client("lambda")
    arn = stage.deploy(name, source, Environment=events.environment)
    client.publish_version(FunctionName=name)
    client.create_alias(FunctionName=name, Name="live", FunctionVersion="1")

    for function, qualifier in [
        (name, "live"),
        (f"{name}:live", ""),
        (arn, "1"),
        (name, "$LATEST"),
        (name, ""),
    ]:
        options = {"Qualifier": qualifier} if qualifier else {}
        stage.invoke(function, InvocationType=kind, **options)

    seen = eventually(lambda: events.all() if len(events.all()) == 5 else [])
    expected = [f"{arn}:live", f"{arn}:live", f"{arn}:1", f"{arn}:$LATEST", arn]
    assert sorted(map(str, seen)) == sorted(expected)


def test_layers_are_importable(stage: Stage, name: str) -> None:
    layer = io.BytesIO()
    with zipfile.ZipFile(layer, "w") as archive:
        archive.writestr("python/greeting.py", "TEXT = 'hello'")
    published = stage.client("lambda").publish_layer_version(
        LayerName=f"{name}-layer", Content={"ZipFile": layer.getvalue()}
    )
    source = "import greeting\ndef handler(event, context): return greeting.TEXT"
    stage.deploy(name, source, Layers=[published["LayerVersionArn"]])

    assert stage.invoke(name)["result"] == "hello"


def test_a_dry_run_runs_nothing(stage: Stage, name: str) -> None:
    stage.deploy(name, REPORT_PID)

    assert stage.invoke(name, InvocationType="DryRun")["StatusCode"] == 204
    groups = stage.client("logs").describe_log_groups(logGroupNamePrefix=f"/aws/lambda/{name}")
    assert groups["logGroups"] == []


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"FunctionName": "nobody"}, "ResourceNotFoundException"),
        ({"Payload": b"{not json"}, "InvalidRequestContentException"),
        ({"Payload": b'"\xff"'}, "InvalidRequestContentException"),
        ({"Payload": json.dumps("x" * 6 * 1024 * 1024).encode()}, "RequestEntityTooLargeException"),
        (
            {"InvocationType": "Event", "Payload": json.dumps("x" * 1024 * 1024)},
            "RequestEntityTooLargeException",
        ),
        ({"Qualifier": "7"}, "ResourceNotFoundException"),
    ],
    ids=["unknown function", "no JSON", "no UTF-8", "too large", "too large for Event", "unknown version"],
)
def test_invocations_are_refused_as_lambda_refuses_them(
    stage: Stage, name: str, options: dict[str, Any], code: str
) -> None:
    stage.deploy(name, REPORT_PID)

    with pytest.raises(ClientError) as refused:
        stage.client("lambda").invoke(**{"FunctionName": name, **options})

    assert refused.value.response["Error"]["Code"] == code
