"""Whatever a function fails on, each message ends in exactly one place: handled, or with the dead letters.

A handler that returns from within its loop over the records, as the project's predecessor had it, reports
the failures of the first record alone. These tests show that the mapping itself loses nothing.
"""

from __future__ import annotations

import json
import uuid
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cloudstage.awslambda.event_sources import queue_poller

from .deadline import eventually
from .deployment import Queue, Stage

MOST_RECEIPTS = 3
HANDLER = """
    import json, os, pathlib
    def handler(event, context):
        failures = []
        for record in event["Records"]:
            message = json.loads(record["body"])
            if int(record["attributes"]["ApproximateReceiveCount"]) <= message["failures"]:
                if message["way"] == "raise":
                    raise ValueError(message)
                if message["way"] == "exit":
                    os._exit(1)
                failures.append({"itemIdentifier": record["messageId"]})
            else:
                with open(message["log"], "a") as log:
                    log.write(f"{message['number']}\\n")
        return {"batchItemFailures": failures}
"""


@pytest.fixture(autouse=True)
def _quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue_poller, "RETRY_AFTER_SECONDS", 0)


def deploy_mapped(stage: Stage, receipts: int, batch_size: int) -> tuple[Queue, Queue]:
    """The queue of a new function with HANDLER, and its dead letters."""
    name = f"function-{uuid.uuid4().hex[:8]}"
    stage.deploy(name, HANDLER)
    dead_letters = stage.queue(f"{name}-dead")
    redrive = json.dumps({"deadLetterTargetArn": dead_letters.arn, "maxReceiveCount": receipts})
    queue = stage.queue(name, RedrivePolicy=redrive)
    stage.client("lambda").create_event_source_mapping(
        EventSourceArn=queue.arn,
        FunctionName=name,
        BatchSize=batch_size,
        FunctionResponseTypes=["ReportBatchItemFailures"],
    )
    return queue, dead_letters


def take_all(queue: Queue) -> list[int]:
    """The numbers of all messages of a queue that nobody else reads."""
    numbers = []
    while messages := queue.client.receive_message(QueueUrl=queue.url, MaxNumberOfMessages=10).get(
        "Messages"
    ):
        numbers += [json.loads(message["Body"])["number"] for message in messages]
    return numbers


def handled(log: Path) -> Counter[int]:
    return Counter(int(line) for line in log.read_text().split()) if log.exists() else Counter()


@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    failures=st.lists(st.integers(0, MOST_RECEIPTS), min_size=1, max_size=25), batch_size=st.integers(1, 10)
)
def test_reported_failures_alone_are_tried_again(
    stage: Stage, tmp_path: Path, failures: list[int], batch_size: int
) -> None:
    log = tmp_path / uuid.uuid4().hex
    queue, dead_letters = deploy_mapped(stage, MOST_RECEIPTS, batch_size)

    queue.send(
        *(
            json.dumps({"number": number, "failures": count, "way": "report", "log": str(log)})
            for number, count in enumerate(failures)
        )
    )

    eventually(lambda: queue.size() == 0)
    given_up = [number for number, count in enumerate(failures) if count >= MOST_RECEIPTS]
    assert handled(log) == Counter(set(range(len(failures))) - set(given_up))
    assert sorted(take_all(dead_letters)) == given_up


@pytest.mark.parametrize("way", ["raise", "exit"])
def test_a_batch_that_fails_as_a_whole_comes_again(stage: Stage, tmp_path: Path, way: str) -> None:
    """What was handled before the failure is handled twice; that is the contract of queues, a loss is not."""
    log = tmp_path / "log"
    queue, dead_letters = deploy_mapped(stage, 10, 10)

    queue.send(
        *(
            json.dumps({"number": number, "failures": number % 4 == 3, "way": way, "log": str(log)})
            for number in range(20)
        )
    )

    eventually(lambda: queue.size() == 0)
    assert sorted(handled(log)) == list(range(20))
    assert dead_letters.size() == 0
