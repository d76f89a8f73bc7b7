"""Events to Kinesis and Firehose streams, which a rule reaches by its role and not by a policy of the stream.

Source: "Amazon EventBridge targets" in the EventBridge user guide and KinesisParameters in its API reference.
"""

from __future__ import annotations

import base64
from typing import Any

from cloudstage.awslambda.triggers.rule_input import at_path

SERVICES = ("firehose", "kinesis")


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
