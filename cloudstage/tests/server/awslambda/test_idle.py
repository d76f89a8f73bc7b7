"""What rests costs nothing, and does not stay for ever."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from cloudstage.awslambda.event_sources.queues import SourceQueue
from cloudstage.awslambda.pool import Reaper

from .deadline import eventually
from .deployment import Stage
from .test_failures import has_ended


def test_a_mapping_without_messages_does_not_look_again(
    stage: Stage, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another mapping works meanwhile; the idle one has looked when it was made."""
    looks: Counter[str] = Counter()
    receive = SourceQueue.receive

    def counted(queue: SourceQueue, count: int) -> list[Any]:
        looks[queue.arn] += 1
        return receive(queue, count)

    monkeypatch.setattr(SourceQueue, "receive", counted)
    stage.deploy(name, "def handler(event, context): pass")
    idle, busy = stage.queue(f"{name}-idle"), stage.queue(name)
    for queue in (idle, busy):
        stage.client("lambda").create_event_source_mapping(
            EventSourceArn=queue.arn, FunctionName=name, BatchSize=1
        )

    busy.send(*"abcdefghij")
    eventually(lambda: busy.size() == 0)

    assert looks[busy.arn] > 10
    assert looks[idle.arn] == 1


def test_the_reaper_ends_what_is_idle_and_keeps_the_rest() -> None:
    """It is asked again when the younger one is due, without being woken."""
    seen: list[float] = []

    def reap(idle_since: float) -> float | None:
        seen.append(idle_since)
        return idle_since if len(seen) < 3 else None

    reaper = Reaper(reap, idle_seconds=0.01)
    reaper.wake()

    eventually(lambda: len(seen) == 3)
    assert seen == sorted(seen)
    reaper.stop()


def test_processes_of_a_deleted_function_end(stage: Stage, name: str) -> None:
    stage.deploy(name, "import os\ndef handler(event, context): return os.getpid()")
    process = stage.invoke(name)["result"]

    stage.client("lambda").delete_function(FunctionName=name)

    eventually(lambda: has_ended(process))


def test_a_deleted_log_group_does_not_come_back(stage: Stage, name: str) -> None:
    stage.deploy(name, "def handler(event, context): print('hello')")
    stage.invoke(name)
    stage.client("logs").delete_log_group(logGroupName=f"/aws/lambda/{name}")

    stage.invoke(name)

    found = stage.client("logs").describe_log_groups(logGroupNamePrefix=f"/aws/lambda/{name}")
    assert found["logGroups"] == []
