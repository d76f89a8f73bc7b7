"""Tell EventBridge that a job run has ended.

Source: AWS Glue Developer Guide, "Automating AWS Glue with EventBridge", which has the events' shape.
"""

from __future__ import annotations

import json
from typing import Any

from cloudstage.glue.job_run import FAILED, STOPPED, SUCCEEDED, TIMEOUT, JobRun

SEVERITY = {SUCCEEDED: "INFO", STOPPED: "INFO", TIMEOUT: "WARN", FAILED: "ERROR"}
MESSAGE = {SUCCEEDED: "Job run succeeded", STOPPED: "Job run stopped", TIMEOUT: "Job run timed out"}


def publish(events: Any, run: JobRun) -> None:
    """Put the `Glue Job State Change` event of a run that has ended on the default bus."""
    detail = {
        "jobName": run.job_name,
        "severity": SEVERITY[run.state],
        "state": run.state,
        "jobRunId": run.job_run_id,
        "message": MESSAGE.get(run.state) or run.error_message or "Job run failed",
    }
    events.put_events(
        Entries=[
            {
                "Source": "aws.glue",
                "DetailType": "Glue Job State Change",
                "Detail": json.dumps(detail),
                "Resources": [],
            }
        ]
    )
