"""What a rule sends to its targets, and how it reaches streams: by its role, not by a policy of the stream.

Sources: "Amazon EventBridge input transformation" and "Amazon EventBridge targets" in the EventBridge user
guide, KinesisParameters in its API reference.
"""

from __future__ import annotations

import base64
import datetime
import json
import re
from typing import Any

STREAMS = ("firehose", "kinesis")
FIELDS = ("version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail")


def as_delivered(event: dict[str, Any]) -> dict[str, Any]:
    """moto's event in the form that targets see: its fields alone, with the time as ISO 8601 text in UTC."""
    delivered = {name: event[name] for name in FIELDS if name in event}
    time = delivered.get("time")
    if isinstance(time, (int, float)):
        moment = datetime.datetime.fromtimestamp(time, datetime.UTC)
        delivered["time"] = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    return delivered


def target_input(target: dict[str, Any], event: dict[str, Any], rule_name: str, rule_arn: str) -> str:
    """The text for ``target``: its Input, what is at its InputPath, its InputTransformer's, or the event."""
    if "Input" in target:
        return str(target["Input"])
    if "InputPath" in target:
        return json.dumps(at_path(event, target["InputPath"]))
    if transformer := target.get("InputTransformer"):
        values = {name: at_path(event, path) for name, path in transformer.get("InputPathsMap", {}).items()}
        reserved = {
            "aws.events.rule-arn": rule_arn,
            "aws.events.rule-name": rule_name,
            "aws.events.event.ingestion-time": event.get("time"),
            "aws.events.event": {key: value for key, value in event.items() if key != "detail"},
            "aws.events.event.json": event,
        }
        return _filled_in(transformer["InputTemplate"], values | reserved)
    return json.dumps(event)


def at_path(event: dict[str, Any], path: str) -> Any:
    """What is at a JSON path such as ``$.detail.id``; None if nothing is."""
    from jsonpath_ng.ext import parse  # type: ignore[attr-defined]

    found = parse(path).find(event)
    return found[0].value if found else None


def _filled_in(template: str, values: dict[str, Any]) -> str:
    """Replace each ``<name>``: between quotes by its text, elsewhere by its JSON."""
    result, quoted = [], False
    for part in re.findall(r'\\.|"|<[^<>"]+>|[^\\"<]+|.', template, re.DOTALL):
        if part == '"':
            quoted = not quoted
        name = part[1:-1]
        result.append(_inserted(values[name], quoted=quoted) if part[0] == "<" and name in values else part)
    return "".join(result)


def _inserted(value: Any, *, quoted: bool) -> str:
    if not quoted:
        return json.dumps(value)
    text = "" if value is None else value if isinstance(value, str) else json.dumps(value)
    return json.dumps(text)[1:-1]


def send_to_stream(target: dict[str, Any], text: str, event: dict[str, Any]) -> None:
    """Put one record. Raises what moto raises for a missing stream."""
    service, region, account_id, resource = str(target["Arn"]).split(":")[2:6]
    name = resource.rpartition("/")[2]
    if service == "firehose":
        from moto.firehose.models import firehose_backends

        firehose_backends[account_id][region].put_record(name, {"Data": text.encode()})
        return
    from moto.kinesis.models import kinesis_backends

    path = target.get("KinesisParameters", {}).get("PartitionKeyPath", "$.id")
    data = base64.b64encode(text.encode()).decode()
    stream = kinesis_backends[account_id][region].describe_stream(None, name)
    stream.put_record(str(at_path(event, path)), "", data)
