"""Functions that other services of the cloudstage invoke."""

from __future__ import annotations

import base64
import gzip
import json
import time

from .deadline import eventually
from .deployment import Stage
from .events import WRITE_EVENT, Events


def test_a_log_subscription_starts_a_function(stage: Stage, name: str, events: Events) -> None:
    arn = stage.deploy(name, WRITE_EVENT, Environment=events.environment)
    logs = stage.client("logs")
    logs.create_log_group(logGroupName=name)
    logs.create_log_stream(logGroupName=name, logStreamName="s")
    logs.put_subscription_filter(logGroupName=name, filterName="all", filterPattern="", destinationArn=arn)
    line = {"timestamp": int(time.time() * 1000), "message": "hello"}

    logs.put_log_events(logGroupName=name, logStreamName="s", logEvents=[line])

    def messages() -> list[str]:
        return [
            entry["message"]
            for event in events.all()
            for entry in json.loads(gzip.decompress(base64.b64decode(event["awslogs"]["data"])))["logEvents"]
        ]

    eventually(lambda: "hello" in messages())


def test_the_backend_gives_results_to_workflows(stage: Stage, name: str) -> None:
    from moto.awslambda.models import lambda_backends

    stage.deploy(name, "def handler(event, context): return 6 / event['by']")
    backend = lambda_backends[stage.context.account_id][stage.context.region]
    headers: dict[str, str] = {}

    assert backend.invoke(name, None, '{"by": 2}', {}, headers) == b"3.0"
    assert headers == {}
    backend.invoke(name, None, '{"by": 0}', {}, headers)
    assert headers == {"x-amz-function-error": "Unhandled"}
