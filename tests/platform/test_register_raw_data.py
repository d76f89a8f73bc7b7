"""The deployed Lambda job: an arriving object is recorded, once, without anybody starting anything."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import pytest

from checkout import Checkout

DEADLINE_SECONDS = 60


def eventually(read: Callable[[], object], wanted: object) -> None:
    """Poll until what is read is what is wanted; events arrive when they arrive."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while (got := read()) != wanted:
        if time.monotonic() > deadline:
            pytest.fail(f"after {DEADLINE_SECONDS} s still {got!r} instead of {wanted!r}")
        time.sleep(0.2)


def test_an_arriving_file_is_recorded_with_what_it_is(platform: Checkout) -> None:
    raw = platform.status()["buckets"]["raw"]
    key = "signals/arrivals/a file+with ünusual (name).csv"
    platform.client("s3").put_object(Bucket=raw, Key=key, Body=b"12345")
    sql = "SELECT key, size_bytes FROM raw_files WHERE key LIKE 'signals/arrivals/%'"
    eventually(lambda: platform.query(sql), [[key, "5"]])


def test_a_message_that_makes_no_sense_ends_in_the_dead_letter_queue(platform: Checkout) -> None:
    sqs = platform.client("sqs")
    queues = [url for url in sqs.list_queues()["QueueUrls"] if "register-raw-data" in url]
    (dead,) = [url for url in queues if "dead" in url or "dlq" in url]
    (queue,) = [url for url in queues if url != dead]
    deployed = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["VisibilityTimeout"])["Attributes"]
    # Otherwise each attempt waits as long as the function may take.
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"VisibilityTimeout": "0"})
    sqs.send_message(QueueUrl=queue, MessageBody="no event at all")

    def bodies() -> list[str]:
        received = sqs.receive_message(QueueUrl=dead, WaitTimeSeconds=1, VisibilityTimeout=0)
        return [message["Body"] for message in received.get("Messages", [])]

    try:
        eventually(bodies, ["no event at all"])
    finally:
        sqs.set_queue_attributes(QueueUrl=queue, Attributes=deployed)


def test_the_function_answers_a_direct_call(platform: Checkout) -> None:
    raw = platform.status()["buckets"]["raw"]
    arrived = {"key": "signals/direct.csv", "size": 1, "eTag": "e", "sequencer": "1"}
    record = {
        "eventSource": "aws:s3",
        "eventName": "ObjectCreated:Put",
        "eventTime": "2024-01-01T00:00:00.000Z",
        "s3": {"bucket": {"name": raw}, "object": arrived},
    }
    message = json.dumps({"Records": [record]})
    for _ in range(2):
        platform.dst("run", "register_raw_data", f"message={message}")
    assert platform.query("SELECT count(*) FROM raw_files WHERE key = 'signals/direct.csv'") == [["1"]]
