"""Events that nobody waits for are handled, tried again, and passed on when given up."""

from __future__ import annotations

import json

import pytest

from cloudstage.awslambda import asynchronous

from .deadline import eventually
from .deployment import Stage
from .events import WRITE_EVENT, Events

FAIL = "def handler(event, context): raise ValueError('no')"


@pytest.fixture(autouse=True)
def _quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asynchronous, "RETRY_AFTER_SECONDS", (0.0, 0.0))


def attempts(stage: Stage, name: str) -> int:
    return sum(line.startswith("START") for line in stage.log(f"/aws/lambda/{name}"))


def test_an_event_is_accepted_and_handled_later(stage: Stage, name: str, events: Events) -> None:
    stage.deploy(name, WRITE_EVENT, Environment=events.environment)

    answer = stage.invoke(name, {"n": 1}, InvocationType="Event")

    assert answer["StatusCode"] == 202
    assert answer["result"] is None
    assert eventually(events.all) == [{"n": 1}]


def test_an_event_is_tried_three_times_and_then_goes_to_the_dead_letter_queue(
    stage: Stage, name: str
) -> None:
    dead_letters = stage.queue(f"{name}-dead")
    stage.deploy(name, FAIL, DeadLetterConfig={"TargetArn": dead_letters.arn})

    stage.invoke(name, {"n": 1}, InvocationType="Event")

    [message] = eventually(dead_letters.waiting)
    assert json.loads(message["Body"]) == {"n": 1}
    attributes = message["MessageAttributes"]
    [request_id] = {line.split()[2] for line in stage.log(f"/aws/lambda/{name}") if line.startswith("START")}
    assert {key: (value["DataType"], value["StringValue"]) for key, value in attributes.items()} == {
        "RequestID": ("String", request_id),
        "ErrorCode": ("Number", "200"),
        "ErrorMessage": ("String", "no"),
    }
    assert attempts(stage, name) == 3


def test_an_event_that_no_concurrency_is_left_for_is_given_up_at_once(stage: Stage, name: str) -> None:
    destination = stage.queue(f"{name}-destination")
    stage.deploy(name, FAIL)
    client = stage.client("lambda")
    client.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    client.put_function_event_invoke_config(
        FunctionName=name, DestinationConfig={"OnFailure": {"Destination": destination.arn}}
    )

    stage.invoke(name, {"n": 1}, InvocationType="Event")

    [message] = eventually(destination.waiting)
    record = json.loads(message["Body"])
    assert record["requestContext"]["condition"] == "ZeroReservedConcurrency"
    assert record["requestContext"]["approximateInvokeCount"] == 0
    assert record["requestPayload"] == {"n": 1}
    assert "responsePayload" not in record


def test_an_event_is_not_tried_again_once_it_would_be_too_old_on_aws(stage: Stage, name: str) -> None:
    """There the second attempt comes a minute after the first."""
    destination = stage.queue(f"{name}-destination")
    stage.deploy(name, FAIL)
    stage.client("lambda").put_function_event_invoke_config(
        FunctionName=name,
        MaximumEventAgeInSeconds=60,
        DestinationConfig={"OnFailure": {"Destination": destination.arn}},
    )

    stage.invoke(name, {"n": 1}, InvocationType="Event")

    [message] = eventually(destination.waiting)
    assert json.loads(message["Body"])["requestContext"]["condition"] == "EventAgeExceeded"
    assert attempts(stage, name) == 1


@pytest.mark.parametrize("fails", [False, True])
def test_destinations_get_a_record_of_the_invocation(stage: Stage, name: str, fails: bool) -> None:
    destination = stage.queue(f"{name}-destination")
    arn = stage.deploy(name, FAIL if fails else "def handler(event, context): return 'fine'")
    stage.client("lambda").put_function_event_invoke_config(
        FunctionName=name,
        MaximumRetryAttempts=1,
        DestinationConfig={"OnFailure" if fails else "OnSuccess": {"Destination": destination.arn}},
    )

    stage.invoke(name, {"n": 1}, InvocationType="Event")

    [message] = eventually(destination.waiting)
    record = json.loads(message["Body"])
    assert record["requestContext"].pop("requestId")
    assert record["requestContext"] == {
        "functionArn": f"{arn}:$LATEST",
        "condition": "RetriesExhausted" if fails else "Success",
        "approximateInvokeCount": 2 if fails else 1,
    }
    assert record["requestPayload"] == {"n": 1}
    if fails:
        assert record["responseContext"]["functionError"] == "Unhandled"
        assert record["responsePayload"]["errorMessage"] == "no"
    else:
        assert record["responsePayload"] == "fine"


def test_an_event_bus_is_a_destination_too(stage: Stage, name: str) -> None:
    events = stage.client("events")
    bus = events.create_event_bus(Name=name)["EventBusArn"]
    caught = stage.queue(f"{name}-caught")
    stage.admit("events", caught.arn)
    pattern = json.dumps({"source": ["lambda"]})
    events.put_rule(Name=name, EventBusName=name, EventPattern=pattern)
    events.put_targets(Rule=name, EventBusName=name, Targets=[{"Id": "q", "Arn": caught.arn}])
    stage.deploy(name, "def handler(event, context): return 'fine'")
    stage.client("lambda").put_function_event_invoke_config(
        FunctionName=name, DestinationConfig={"OnSuccess": {"Destination": bus}}
    )

    stage.invoke(name, {"n": 1}, InvocationType="Event")

    [message] = eventually(caught.waiting)
    event = json.loads(message["Body"])
    assert event["detail-type"] == "Lambda Function Invocation Result - Success"
    assert event["detail"]["responsePayload"] == "fine"


def test_the_older_invoke_async_is_answered_too(stage: Stage, name: str, events: Events) -> None:
    stage.deploy(name, WRITE_EVENT, Environment=events.environment)

    answer = stage.client("lambda").invoke_async(FunctionName=name, InvokeArgs=b'{"n": 2}')

    assert answer["Status"] == 202
    assert eventually(events.all) == [{"n": 2}]


def test_an_event_of_a_function_deleted_meanwhile_is_dropped(
    stage: Stage, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The function deletes itself and fails, so there is none for the second attempt."""
    source = """
        import boto3
        def handler(event, context):
            boto3.client("lambda").delete_function(FunctionName=context.function_name)
            raise ValueError("once more")
    """
    stage.deploy(name, source, Timeout=20, MemorySize=256)

    stage.invoke(name, {}, InvocationType="Event")

    eventually(lambda: f"function:{name} is dropped" in caplog.text)
    assert attempts(stage, name) == 1
