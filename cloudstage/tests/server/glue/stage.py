"""What tests of the Glue executor do with a cloudstage: define jobs, start them, wait for what becomes of them."""

from __future__ import annotations

import contextlib
import textwrap
import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

from cloudstage.context import Context

ENDED = ("SUCCEEDED", "FAILED", "TIMEOUT", "STOPPED")
PATIENCE_SECONDS = 60


class GlueStage:
    """A cloudstage whose Glue runs jobs. Every job has a name that no other test uses."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.glue, self.s3 = context.client("glue"), context.client("s3")
        self.bucket = "deployed"
        self._changed = threading.Condition()
        context.on_change(self._notice)
        self._location = {"LocationConstraint": context.region}
        self.make_bucket()

    def make_bucket(self) -> None:
        """Make the bucket of scripts anew: moto forgets everything when another test leaves ``mock_aws``."""
        with contextlib.suppress(self.s3.exceptions.BucketAlreadyOwnedByYou):
            self.s3.create_bucket(Bucket=self.bucket, CreateBucketConfiguration=self._location)

    def job(self, script: str, **definition: Any) -> str:
        """Deploy a job which runs ``script``; return its name."""
        name = f"job-{uuid.uuid4().hex[:12]}"
        location = self.upload(f"{name}/main.py", textwrap.dedent(script).encode())
        standard = {
            "Role": "r",
            "GlueVersion": "5.1",
            "WorkerType": "G.1X",
            "NumberOfWorkers": 2,
            "Timeout": 60,
        }
        command = {"Name": "glueetl", "ScriptLocation": location, "PythonVersion": "3"}
        self.glue.create_job(**{"Name": name, "Command": command, **standard, **definition})
        return name

    def upload(self, key: str, body: bytes) -> str:
        """Put an object where jobs find it; return its address."""
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=body)
        return f"s3://{self.bucket}/{key}"

    def read(self, key: str) -> str:
        """What a job left as an object."""
        body: bytes = self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        return body.decode()

    def start(self, job: str, **request: Any) -> str:
        """Start a run; return its id."""
        return str(self.glue.start_job_run(JobName=job, **request)["JobRunId"])

    def run(self, job: str, run_id: str) -> dict[str, Any]:
        """A run as the Glue API describes it."""
        run: dict[str, Any] = self.glue.get_job_run(JobName=job, RunId=run_id)["JobRun"]
        return run

    def wait(self, job: str, run_id: str, *states: str) -> dict[str, Any]:
        """The run, as soon as it is in one of ``states``: by default, when it has ended."""
        wanted = states or ENDED
        self.wait_until(lambda: self._exists(job, run_id) and self.run(job, run_id)["JobRunState"] in wanted)
        return self.run(job, run_id)

    def wait_until(self, condition: Callable[[], bool]) -> None:
        """Wait until a change of the cloudstage makes ``condition`` true."""
        with self._changed:
            assert self._changed.wait_for(condition, PATIENCE_SECONDS), "it did not happen"

    def ended(self, job: str, **request: Any) -> dict[str, Any]:
        """Start a run and wait for its end."""
        return self.wait(job, self.start(job, **request))

    def output(self, job: str, run_id: str) -> list[str]:
        """The lines of a run's output log."""
        run = self.run(job, run_id)
        return self.log(f"{run['LogGroupName']}/output", f"{run_id}-driver")

    def all_output(self, job: str, run_id: str) -> list[str]:
        """Every line of a long output log."""
        group = f"{self.run(job, run_id)['LogGroupName']}/output"
        pages = self.context.client("logs").get_paginator("filter_log_events")
        found = pages.paginate(logGroupName=group, logStreamNames=[f"{run_id}-driver"])
        return [event["message"] for page in found for event in page["events"]]

    def wait_for_output(self, job: str, run_id: str, lines: list[str]) -> None:
        """Wait until the output log holds these lines."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self.output(job, run_id) != lines:
            assert time.monotonic() < deadline, self.output(job, run_id)

    def log(self, group: str, stream: str) -> list[str]:
        """The lines of a log stream, in order."""
        answer = self.context.client("logs").get_log_events(
            logGroupName=group, logStreamName=stream, startFromHead=True
        )
        return [event["message"] for event in answer["events"]]

    def _exists(self, job: str, run_id: str) -> bool:
        return any(run["Id"] == run_id for run in self.glue.get_job_runs(JobName=job)["JobRuns"])

    def _notice(self) -> None:
        with self._changed:
            self._changed.notify_all()
