"""Jobs that use Spark, in a cloudstage that is reached as any client reaches it."""

from __future__ import annotations

import itertools
import subprocess
import textwrap
import threading
import time
from collections.abc import Callable
from typing import Any

import boto3

from cloudstage.lifecycle import Running
from roles import EVERYTHING, make_role

REGION = "eu-central-1"
BUCKET = "lake"
ENDED = ("SUCCEEDED", "FAILED", "TIMEOUT", "STOPPED")
PATIENCE_SECONDS = 180


class SparkJobs:
    """A bucket, a database, and jobs without Terraform."""

    def __init__(self, stage: Running) -> None:
        self._numbers = itertools.count()
        self.connect(stage)
        location = {"LocationConstraint": REGION}
        self.s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration=location)
        self.glue.create_database(DatabaseInput={"Name": "db"})
        self._role = make_role(self.client("iam"), "job", "glue", EVERYTHING)

    def connect(self, stage: Running) -> None:
        """Use this cloudstage, which may be the former one started again."""
        self.stage = stage
        self.s3, self.glue, self.logs = (self.client(name) for name in ("s3", "glue", "logs"))

    def client(self, service: str) -> Any:
        """A client of the cloudstage."""
        settings = self.stage.environment()
        return boto3.client(
            service,
            endpoint_url=self.stage.endpoint,
            region_name=REGION,
            aws_access_key_id=settings["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=settings["AWS_SECRET_ACCESS_KEY"],
        )

    def put(self, key: str, text: str) -> None:
        """Put an object into the bucket."""
        self.s3.put_object(Bucket=BUCKET, Key=key, Body=text.encode())

    def has(self, key: str) -> bool:
        """Whether there is such an object."""
        return bool(self.s3.list_objects_v2(Bucket=BUCKET, Prefix=key).get("Contents"))

    def start(self, script: str, **arguments: str) -> tuple[str, str]:
        """Define a job of this script and start it; its name and the run's id."""
        name = f"job-{next(self._numbers)}"
        self.put(f"{name}/main.py", textwrap.dedent(script))
        command = {"Name": "glueetl", "ScriptLocation": f"s3://{BUCKET}/{name}/main.py"}
        self.glue.create_job(
            Name=name,
            Role=self._role,
            Command=command,
            GlueVersion="5.1",
            DefaultArguments={f"--{key.replace('_', '-')}": value for key, value in arguments.items()},
        )
        return name, self.glue.start_job_run(JobName=name)["JobRunId"]

    def wait(self, name: str, run_id: str, *states: str) -> dict[str, Any]:
        """The run, once it is in one of these states: by default, once it has ended."""
        wait_until(lambda: self.run(name, run_id)["JobRunState"] in (states or ENDED))
        return self.run(name, run_id)

    def run(self, name: str, run_id: str) -> dict[str, Any]:
        """A run as the Glue API describes it."""
        run: dict[str, Any] = self.glue.get_job_run(JobName=name, RunId=run_id)["JobRun"]
        return run

    def ended(self, script: str, **arguments: str) -> dict[str, Any]:
        """Run a script to its end."""
        return self.wait(*self.start(script, **arguments))

    def succeeded(self, script: str, **arguments: str) -> list[str]:
        """Run a script that has to succeed; the lines it printed."""
        run = self.ended(script, **arguments)
        printed = self.log(run["Id"], "output")
        assert run["JobRunState"] == "SUCCEEDED", "\n".join(
            [str(run), *printed, *self.log(run["Id"], "error")]
        )
        return printed

    def log(self, run_id: str, group: str) -> list[str]:
        """The lines of a run in the group ``output`` or ``error``."""
        answer = self.logs.get_log_events(
            logGroupName=f"/aws-glue/jobs/{group}", logStreamName=f"{run_id}-driver", startFromHead=True
        )
        return [event["message"] for event in answer["events"]]


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait until ``condition`` holds."""
    deadline, pause = time.monotonic() + PATIENCE_SECONDS, threading.Event()
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        pause.wait(0.1)


def processes_of(run_id: str) -> list[str]:
    """The command lines of the running processes that name a run."""
    return [command for _, command in _running() if run_id in command]


def orphaned_workers() -> list[str]:
    """Spark's Python workers which have outlived their Java."""
    return [command for parent, command in _running() if parent == 1 and "pyspark.daemon" in command]


def _running() -> list[tuple[int, str]]:
    """Parent and command line of each process, without what has ended and waits to be collected."""
    columns = ["ps", "-A", "-ww", "-o", "ppid=,stat=,args="]
    listed = subprocess.run(columns, capture_output=True, text=True, check=True)
    split = (line.split(None, 2) for line in listed.stdout.splitlines())
    return [(int(parent), command) for parent, state, command in split if not state.startswith("Z")]
