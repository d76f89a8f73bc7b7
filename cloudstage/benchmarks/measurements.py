"""What is measured. Each function takes a running server and returns a number; its row says which is better."""

from __future__ import annotations

import io
import json
import os
import subprocess
import threading
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

from servers import Server
from small_files import write_with_spark

IDLE_SECONDS = 10
SECONDS = 4
THREADS = 4
SMALL = os.urandom(1000)
LARGE = os.urandom(5 << 20)
FUNCTION = "def handler(event, context):\n    return event\n"


class Unsupported(Exception):  # noqa: N818 (it is no error)
    """A server can't do what is measured here, for the reason given."""


def start(server: Server) -> float:
    """Seconds from nothing to the first answer, started a second time: the disk's cache is warm."""
    server.ensure()
    server.stop()
    begun = time.perf_counter()
    server.start()
    return time.perf_counter() - begun


def idle_memory(server: Server) -> float:
    """Megabytes resident, of the server and its children, after ten seconds without a request."""
    server.ensure()
    time.sleep(IDLE_SECONDS)
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,rss="], capture_output=True, text=True, check=True)
    processes = [tuple(map(int, line.split())) for line in listed.stdout.splitlines()]
    family = {server.pid}
    while more := {pid for pid, parent, _ in processes if parent in family} - family:
        family |= more
    return sum(rss for pid, _, rss in processes if pid in family) / 1024


def per_second(act: Callable[[int], object]) -> float:
    """How often ``act`` is done in a second by a few clients at a time; it gets a new number each time."""
    act(-1)
    done = [0] * THREADS
    until = time.perf_counter() + SECONDS

    def work(thread: int) -> None:
        while time.perf_counter() < until:
            act(done[thread] * THREADS + thread)
            done[thread] += 1

    threads = [threading.Thread(target=work, args=(number,)) for number in range(THREADS)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / (time.perf_counter() - begun)


def put(body: bytes) -> Callable[[Server], float]:
    """PutObject of this body."""

    def measure(server: Server) -> float:
        """PutObject, by four clients at a time."""
        s3 = server.client("s3")
        bucket = f"put-{len(body)}"
        s3.create_bucket(Bucket=bucket)
        return per_second(lambda number: s3.put_object(Bucket=bucket, Key=f"k/{number % 100}", Body=body))

    return measure


def get(body: bytes) -> Callable[[Server], float]:
    """GetObject of this body."""

    def measure(server: Server) -> float:
        """GetObject, by four clients at a time."""
        s3 = server.client("s3")
        bucket = f"get-{len(body)}"
        s3.create_bucket(Bucket=bucket)
        s3.put_object(Bucket=bucket, Key="k", Body=body)
        return per_second(lambda _: s3.get_object(Bucket=bucket, Key="k")["Body"].read())

    return measure


def messages(server: Server) -> float:
    """SQS messages sent, received and deleted, by four clients at a time."""
    sqs = server.client("sqs")
    url = sqs.create_queue(QueueName="measured")["QueueUrl"].replace("localhost", "127.0.0.1")

    def exchange(_: int) -> None:
        sqs.send_message(QueueUrl=url, MessageBody="hello")
        for message in sqs.receive_message(QueueUrl=url).get("Messages", []):
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])

    return per_second(exchange)


def invocation(server: Server) -> float:
    """Milliseconds of an invocation of a Lambda function that is warm, the median of fifty."""
    if server.name == "moto":
        raise Unsupported("moto's server runs functions in Docker only")
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("main.py", FUNCTION)
    policy = json.dumps({"Version": "2012-10-17", "Statement": []})
    role = server.client("iam").create_role(RoleName="measured", AssumeRolePolicyDocument=policy)["Role"][
        "Arn"
    ]
    functions = server.client("lambda")
    functions.create_function(
        FunctionName="measured",
        Runtime="python3.12",
        Handler="main.handler",
        Role=role,
        Code={"ZipFile": archive.getvalue()},
    )
    times: list[float] = []
    for _ in range(53):
        begun = time.perf_counter()
        answer = functions.invoke(FunctionName="measured", Payload=b'{"a": 1}')
        payload = answer["Payload"].read()
        times.append(time.perf_counter() - begun)
        if json.loads(payload) != {"a": 1}:
            raise Unsupported(f"it answers {payload[:100]!r}")
    return sorted(times[3:])[25] * 1000


def small_files(server: Server) -> float:
    """1,200 small Parquet files written by Spark through S3A: its time divided by that to the local disk."""
    s3 = server.client("s3")
    s3.create_bucket(Bucket="small-files")
    directory = Path(server.scratch) / "spark"
    directory.mkdir()
    local, remote = write_with_spark(directory, server, "s3a://small-files/out")
    return float(remote) / float(local)


MEASUREMENTS: dict[str, Callable[[Server], float]] = {
    "start (s, less is better)": start,
    "idle memory (MB, less is better)": idle_memory,
    "PutObject 1 kB (per s)": put(SMALL),
    "GetObject 1 kB (per s)": get(SMALL),
    "PutObject 5 MB (per s)": put(LARGE),
    "GetObject 5 MB (per s)": get(LARGE),
    "SQS send, receive, delete (per s)": messages,
    "Lambda invoke, warm (ms, less is better)": invocation,
    "Spark, 1,200 small objects (times local disk, less is better)": small_files,
}
