"""The life of cloudstages, with real servers and real callers."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudstage import locks, private_files, record
from cloudstage.errors import ServerError
from cloudstage.lifecycle import Cloudstage
from cloudstage.record import Record

from .aws import HERE, client

DEADLINE_SECONDS = 60
CALLER = """
import sys
from pathlib import Path
from typing import Any
from cloudstage.lifecycle import Cloudstage
stage = Cloudstage(Path(sys.argv[1]))
{body}
"""
UP = "print(stage.up().pid, flush=True)"
TETHERED = """
with stage.tethered() as running:
    print(running.pid, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Cloudstage]:
    it = Cloudstage(tmp_path / "stage")
    yield it
    it.delete()


@pytest.fixture
def call(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts another process that does something with the cloudstage."""
    started: list[subprocess.Popen[str]] = []

    def start(stage: Cloudstage, body: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", CALLER.format(body=body), str(stage.directory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        with process:
            process.kill()


def said(process: subprocess.Popen[str]) -> int:
    """The number that a caller prints next."""
    assert process.stdout
    return int(process.stdout.readline())


def wait_until_stopped(stage: Cloudstage) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while locks.holder(stage.directory / "server.lock"):
        assert time.monotonic() < deadline, "the server did not end"
        time.sleep(0.02)


def test_a_stage_is_up_until_it_is_taken_down(stage: Cloudstage) -> None:
    assert stage.running() is None
    up = stage.up()

    assert stage.running() == up
    assert stage.up() == up
    known = json.loads((stage.directory / "cloudstage.json").read_text())
    assert (known["pid"], known["port"], known["endpoint"]) == (up.pid, up.port, up.endpoint)

    stage.down()
    assert stage.running() is None
    stage.down()


def test_two_processes_that_start_a_stage_at_once_share_one_server(
    stage: Cloudstage, call: Callable[..., subprocess.Popen[str]]
) -> None:
    callers = [call(stage, UP) for _ in range(2)]

    first, second = map(said, callers)

    assert first == second
    assert [caller.wait(DEADLINE_SECONDS) for caller in callers] == [0, 0]
    running = stage.running()
    assert running
    assert running.pid == first


def test_stages_side_by_side_share_nothing(stage: Cloudstage, tmp_path: Path) -> None:
    other = Cloudstage(tmp_path / "other")
    try:
        first, second = stage.up(), other.up()
        client(first, "s3").create_bucket(Bucket="only-here", CreateBucketConfiguration=HERE)

        assert first.port != second.port
        assert client(second, "s3").list_buckets()["Buckets"] == []
    finally:
        other.delete()
    assert not other.directory.exists()


def test_a_killed_server_is_recognised_and_replaced(stage: Cloudstage) -> None:
    killed = stage.up()
    os.kill(killed.pid, signal.SIGKILL)
    wait_until_stopped(stage)

    assert stage.running() is None
    again = stage.up()
    assert again.pid != killed.pid
    assert again.port == killed.port


def test_another_port_is_taken_if_somebody_else_listens_at_the_old_one(stage: Cloudstage) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        taken = listener.getsockname()[1]
        private_files.make_directory(stage.directory)
        known = Record(0, taken, "us-east-1", "123456789012", f"http://127.0.0.1:{taken}", "", "", "")
        known.write(stage.directory)

        after = stage.up()

        assert after.port != taken
        assert stage.running() == after


STOPPED_WHEN_READY = """
import os, signal, sys
from cloudstage import server
tell = server.Starter.tell
def tell_and_stop(starter, message):
    tell(starter, message)
    os.kill(os.getpid(), signal.SIGTERM)
server.Starter.tell = tell_and_stop
sys.argv = ["server", sys.argv[1], "{}"]
sys.exit(server.main())
"""


def test_a_stage_that_is_stopped_the_moment_it_is_ready_stops_in_order(stage: Cloudstage) -> None:
    done = subprocess.run([sys.executable, "-c", STOPPED_WHEN_READY, str(stage.directory)], check=False)

    known = record.read(stage.directory)
    assert done.returncode == 0
    assert known
    assert known.stopped_at


def test_what_is_compiled_goes_to_the_cache_where_nothing_may_lie_beside_the_sources(
    stage: Cloudstage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    stage.up()

    assert list((tmp_path / "cache/cloudstage/compiled").rglob("moto/s3/models.*.pyc"))


def test_the_port_is_free_as_soon_as_a_stage_is_down(stage: Cloudstage) -> None:
    before = stage.up()
    with socket.create_connection(("127.0.0.1", before.port)):
        stage.down()

        with contextlib.suppress(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", before.port)).close()
            pytest.fail("somebody still listens")


def test_a_copy_of_a_running_stage_is_another_stage(stage: Cloudstage, tmp_path: Path) -> None:
    original = stage.up()
    shutil.copytree(stage.directory, tmp_path / "copy")
    copy = Cloudstage(tmp_path / "copy")

    assert copy.running() is None
    copy.down()
    assert stage.running() == original


def test_no_process_is_killed_because_of_what_an_old_record_says(stage: Cloudstage) -> None:
    stage.directory.mkdir()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    endpoint = f"http://127.0.0.1:{port}"
    Record(os.getpid(), port, "us-east-1", "123456789012", endpoint, "", "", "").write(stage.directory)
    (stage.directory / "server.lock").write_text(str(os.getpid()))

    assert stage.running() is None
    stage.down()  # would end this test run


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_a_tethered_stage_stops_when_its_caller_is_killed(
    number: signal.Signals, stage: Cloudstage, call: Callable[..., subprocess.Popen[str]]
) -> None:
    caller = call(stage, TETHERED)
    said(caller)

    caller.send_signal(number)

    wait_until_stopped(stage)
    assert json.loads((stage.directory / "cloudstage.json").read_text())["stopped_at"], "it did not save"


def test_a_tethered_stage_lasts_as_long_as_anybody_who_holds_it(
    stage: Cloudstage, call: Callable[..., subprocess.Popen[str]]
) -> None:
    first = call(stage, TETHERED)
    pid = said(first)
    with stage.tethered() as shared:
        assert shared.pid == pid
        first.communicate()
        assert first.returncode == 0

        assert stage.running() == shared

    assert stage.running() is None


def test_who_shares_a_tethered_stage_may_be_killed_too(
    stage: Cloudstage, call: Callable[..., subprocess.Popen[str]]
) -> None:
    first, second = call(stage, TETHERED), call(stage, TETHERED)
    assert said(first) == said(second)

    for caller in (first, second):
        caller.kill()

    wait_until_stopped(stage)


def test_up_keeps_a_stage_that_was_tethered_and_no_tether_takes_it_down_again(stage: Cloudstage) -> None:
    with stage.tethered() as running:
        assert stage.up() == running
    with stage.tethered() as again:
        assert again == running

    assert stage.running() == running


def test_a_command_that_holds_the_stage_finds_it_when_it_cleans_up_after_its_caller(
    stage: Cloudstage, call: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    answer = tmp_path / "answer"
    body = f"""
import subprocess
from cloudstage.tether import tethered_command
clean_up = '''
import signal, sys, threading, urllib.request
def ask(*_):
    with urllib.request.urlopen(sys.argv[1] + "/_cloudstage/stage") as response:
        open({str(answer)!r}, "w").write(str(response.status))
    sys.exit()
signal.signal(signal.SIGTERM, ask)
print(1, flush=True)
signal.pause()
'''
with stage.tethered() as running:
    command = [sys.executable, "-c", clean_up, running.endpoint]
    subprocess.run(tethered_command(command, holding=running.directory))
"""
    caller = call(stage, body)
    said(caller)

    caller.kill()

    wait_until_stopped(stage)
    assert answer.read_text() == "200"


def test_why_a_server_did_not_start_is_told(stage: Cloudstage, tmp_path: Path, monkeypatch: Any) -> None:
    (tmp_path / "moto.py").write_text("raise ImportError('this moto is broken')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    with pytest.raises(ServerError, match=r"(?s)server\.log.*this moto is broken"):
        stage.up()


def test_a_directory_that_can_not_be_one_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(ServerError, match=str(tmp_path / "file" / "stage")):
        Cloudstage(tmp_path / "file" / "stage").up()


def test_a_stage_that_could_not_save_says_so(
    stage: Cloudstage, call: Callable[..., subprocess.Popen[str]]
) -> None:
    """A full disk, as far as a process can have one for itself: its files may not grow beyond 100 KB."""
    limit = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, {resource.RLIM_INFINITY}))"
    caller = call(stage, f"{limit}; {UP}")
    said(caller)
    running = stage.running()
    assert running
    s3, sqs = client(running, "s3"), client(running, "sqs")
    s3.create_bucket(Bucket="lake", CreateBucketConfiguration=HERE)
    with pytest.raises(ClientError, match="500"):
        s3.put_object(Bucket="lake", Key="large", Body=bytes(200_000))
    assert "Contents" not in s3.list_objects_v2(Bucket="lake")
    assert list(running.directory.rglob("new-*")) == []
    queue = sqs.create_queue(QueueName="queue")["QueueUrl"]
    sqs.send_message(QueueUrl=queue, MessageBody="x" * 200_000)

    with pytest.raises(ServerError, match=r"server\.log"):
        stage.down()

    assert "File too large" in (stage.directory / "server.log").read_text()
