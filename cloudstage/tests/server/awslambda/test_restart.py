"""Cloudstages that stop, are killed, and start again: no process stays, no event is lost or given up early."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cloudstage.configuration import Configuration
from cloudstage.context import Context
from cloudstage.credentials import ensure
from cloudstage.lifecycle import Cloudstage, Running

from .conftest import REGION
from .deadline import eventually
from .deployment import Stage
from .test_failures import has_ended

WAIT_FOR_PERMISSION = """
    import os, pathlib, time
    def handler(event, context):
        here = pathlib.Path(os.environ["TARGET"])
        (here / f"begun-{context.function_name}").write_text(str(os.getpid()))
        while not (here / "permission").exists():
            time.sleep(0.005)
        (here / f"ended-{context.function_name}").touch()
"""


@contextmanager
def started(directory: Path) -> Iterator[tuple[Running, Stage]]:
    """The cloudstage in ``directory``, running until the end of the block unless it ends by itself."""
    configuration = Configuration(region=REGION)
    local = Cloudstage(directory, configuration)
    running = local.up()
    try:
        yield running, Stage(Context(directory, running.endpoint, configuration, ensure(directory)))
    finally:
        local.down()


def begin_both(stage: Stage, target: Path) -> list[int]:
    """Start one function by a message and one by an event; their processes."""
    for name in ("by-message", "by-event"):
        settings = {"Variables": {"TARGET": str(target)}}
        stage.deploy(name, WAIT_FOR_PERMISSION, Timeout=20, Environment=settings)
    dead_letters = stage.queue("dead")
    redrive = json.dumps({"deadLetterTargetArn": dead_letters.arn, "maxReceiveCount": 1})
    queue = stage.queue("queue", RedrivePolicy=redrive)
    stage.client("lambda").create_event_source_mapping(EventSourceArn=queue.arn, FunctionName="by-message")
    queue.send("m")
    stage.invoke("by-event", {}, InvocationType="Event")
    return [process_of(target, name) for name in ("by-message", "by-event")]


def process_of(target: Path, name: str) -> int:
    mark = target / f"begun-{name}"
    return int(eventually(lambda: mark.exists() and mark.read_text()))


def test_no_process_outlives_its_stage_and_the_next_run_does_what_was_interrupted(tmp_path: Path) -> None:
    """The message may be received once, so an attempt that was cut short would be the last if it counted."""
    permission = tmp_path / "permission"
    with started(tmp_path / "stage") as (_, stage):
        processes = begin_both(stage, tmp_path)
    assert [has_ended(process) for process in processes] == [True, True]

    permission.touch()
    with started(tmp_path / "stage") as (running, stage):
        eventually((tmp_path / "ended-by-message").exists)
        eventually((tmp_path / "ended-by-event").exists)
        assert stage.queue("dead").size() == 0

        permission.unlink()
        (tmp_path / "begun-by-event").unlink()
        stage.invoke("by-event", {}, InvocationType="Event")
        process = process_of(tmp_path, "by-event")
        os.kill(running.pid, signal.SIGKILL)
        eventually(lambda: has_ended(process))


def test_a_stream_is_read_on_from_where_the_last_run_was(tmp_path: Path) -> None:
    source = """
        import base64, os, pathlib
        def handler(event, context):
            with pathlib.Path(os.environ["TARGET"], "seen").open("a") as seen:
                for record in event["Records"]:
                    seen.write(base64.b64decode(record["kinesis"]["data"]).decode())
    """
    seen = tmp_path / "seen"
    with started(tmp_path / "stage") as (_, stage):
        stage.deploy("reader", source, Environment={"Variables": {"TARGET": str(tmp_path)}})
        kinesis = stage.client("kinesis")
        kinesis.create_stream(StreamName="letters", ShardCount=1)
        arn = kinesis.describe_stream_summary(StreamName="letters")["StreamDescriptionSummary"]["StreamARN"]
        stage.client("lambda").create_event_source_mapping(
            EventSourceArn=arn, FunctionName="reader", StartingPosition="TRIM_HORIZON"
        )
        kinesis.put_record(StreamName="letters", Data=b"a", PartitionKey="k")
        eventually(lambda: seen.exists() and seen.read_text() == "a")

    with started(tmp_path / "stage") as (_, stage):
        stage.client("kinesis").put_record(StreamName="letters", Data=b"b", PartitionKey="k")
        eventually(lambda: "b" in seen.read_text())

    assert seen.read_text() == "ab"
