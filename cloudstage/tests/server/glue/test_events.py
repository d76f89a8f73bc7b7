"""EventBridge is told how runs end."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest

from .signal_file import SignalFile
from .stage import GlueStage


@pytest.fixture
def events(stage: GlueStage) -> Any:
    """A function that waits for Glue events: a rule sends them to a queue."""
    name = f"events-{uuid.uuid4().hex[:8]}"
    sqs, bus = stage.context.client("sqs"), stage.context.client("events")
    queue = sqs.create_queue(QueueName=name)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    bus.put_rule(Name=name, EventPattern=json.dumps({"source": ["aws.glue"]}))
    bus.put_targets(Rule=name, Targets=[{"Id": "queue", "Arn": arn}])

    def received() -> list[dict[str, Any]]:
        answer = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=20)
        return [json.loads(message["Body"]) for message in answer["Messages"]]

    yield received
    bus.remove_targets(Rule=name, Ids=["queue"])
    bus.delete_rule(Name=name)


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("", {"state": "SUCCEEDED", "severity": "INFO", "message": "Job run succeeded"}),
        ("raise KeyError(7)", {"state": "FAILED", "severity": "ERROR", "message": "KeyError: 7"}),
    ],
)
def test_a_run_that_ended_is_an_event(
    stage: GlueStage, events: Any, script: str, told: dict[str, str]
) -> None:
    job = stage.job(script)
    run = stage.ended(job)

    (event,) = events()

    assert (event["source"], event["detail-type"]) == ("aws.glue", "Glue Job State Change")
    assert event["detail"] == {"jobName": job, "jobRunId": run["Id"], **told}


def test_a_run_that_was_stopped_is_an_event(stage: GlueStage, events: Any, signal_file: SignalFile) -> None:
    job = stage.job(f"{signal_file.says}\n{signal_file.waits}")
    run_id = stage.start(job)
    signal_file.hear()
    stage.glue.batch_stop_job_run(JobName=job, JobRunIds=[run_id])
    stage.wait(job, run_id)

    (event,) = events()

    assert (event["detail"]["state"], event["detail"]["severity"]) == ("STOPPED", "INFO")
