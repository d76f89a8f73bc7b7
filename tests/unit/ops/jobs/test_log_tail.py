"""Log lines come once, in order, also while they are written."""

import json
import time
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from ops.jobs.log_tail import LogTail, message_in, summary_in


@pytest.fixture
def logs() -> Iterator[Any]:
    with mock_aws():
        client = boto3.client("logs", region_name="eu-central-1")
        client.create_log_group(logGroupName="jobs/output")
        yield client


def write(logs: Any, stream: str, *messages: str) -> None:
    if not logs.describe_log_streams(logGroupName="jobs/output", logStreamNamePrefix=stream)["logStreams"]:
        logs.create_log_stream(logGroupName="jobs/output", logStreamName=stream)
    now = int(time.time() * 1000)
    events = [{"timestamp": now, "message": message} for message in messages]
    logs.put_log_events(logGroupName="jobs/output", logStreamName=stream, logEvents=events)


def test_each_line_comes_once(logs: Any) -> None:
    tail = LogTail(logs, ["jobs/output"], "jr_1")
    assert list(tail.new_lines()) == []
    write(logs, "jr_1-driver", "one", "two")
    assert list(tail.new_lines()) == ["one", "two"]
    write(logs, "jr_1-driver", "three")
    assert list(tail.new_lines()) == ["three"]
    assert list(tail.new_lines()) == []


def test_only_the_runs_own_streams_are_read(logs: Any) -> None:
    write(logs, "jr_2-driver", "another run")
    assert list(LogTail(logs, ["jobs/output"], "jr_1").new_lines()) == []


def test_a_group_that_is_not_there_yet_is_empty(logs: Any) -> None:
    assert list(LogTail(logs, ["nowhere"], "jr_1").new_lines()) == []


def test_the_summary_is_recognised_among_other_lines() -> None:
    summary = {"event": "job_summary", "rows_read": 3}
    assert summary_in(json.dumps(summary)) == summary
    assert summary_in('the word "job_summary" in text') is None
    assert summary_in('{"event": "other"}') is None


def test_a_structured_line_is_told_to_a_person() -> None:
    line = {
        "timestamp": "t",
        "level": "INFO",
        "job": "j",
        "run_id": "r",
        "message": "Files listed",
        "files_new": 3,
    }
    assert message_in(json.dumps(line)) == "Files listed (files_new 3)"
    assert message_in("plain text") == "plain text"
    assert message_in("[1]") == "[1]"
