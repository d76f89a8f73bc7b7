"""What tests deploy to a cloudstage, and how they look at it."""

from __future__ import annotations

import io
import json
import textwrap
import zipfile
from dataclasses import dataclass
from typing import Any

from cloudstage.context import Context
from roles import EVERYTHING, make_role


def zipped(**sources: str) -> bytes:
    """A zip with one module per keyword."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for module, source in sources.items():
            archive.writestr(f"{module}.py", source)
    return target.getvalue()


@dataclass
class Stage:
    """Clients of the cloudstage, and functions made of source text."""

    context: Context

    def client(self, service: str) -> Any:
        return self.context.client(service)

    def deploy(self, name: str, source: str, **settings: Any) -> str:
        """Create a function from the source of its module ``main``; its ARN."""
        created = self.client("lambda").create_function(
            FunctionName=name,
            Runtime="python3.11",
            Handler="main.handler",
            Role=self.role(),
            Code={"ZipFile": zipped(main=textwrap.dedent(source))},
            **settings,
        )
        return str(created["FunctionArn"])

    def invoke(self, name: str, event: object = None, **options: Any) -> dict[str, Any]:
        """The answer of Invoke with its payload decoded as ``result``."""
        payload = json.dumps(event).encode()
        answer = self.client("lambda").invoke(FunctionName=name, Payload=payload, **options)
        content = answer["Payload"].read()
        return {**answer, "result": json.loads(content) if content else None}

    def log(self, group: str) -> list[str]:
        """All messages of a log group, oldest first."""
        events = self.client("logs").filter_log_events(logGroupName=group)["events"]
        return [event["message"] for event in events]

    def role(self) -> str:
        roles = self.client("iam").list_roles()["Roles"]
        if roles:
            return str(roles[0]["Arn"])
        return str(make_role(self.client("iam"), "function", "lambda", EVERYTHING))

    def admit(self, service: str, arn: str) -> None:
        """Let a service such as ``sns`` send to a queue or topic, or invoke a function."""
        principal, name = f"{service}.amazonaws.com", arn.rsplit(":", maxsplit=1)[-1]
        statement = {"Effect": "Allow", "Principal": {"Service": principal}, "Action": "*", "Resource": arn}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        if ":lambda:" in arn:
            self.client("lambda").add_permission(
                FunctionName=name, StatementId=service, Action="lambda:InvokeFunction", Principal=principal
            )
        elif ":sns:" in arn:
            self.client("sns").set_topic_attributes(
                TopicArn=arn, AttributeName="Policy", AttributeValue=policy
            )
        else:
            url = self.client("sqs").get_queue_url(QueueName=name)["QueueUrl"]
            self.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})

    def queue(self, name: str, **attributes: str) -> Queue:
        """Create a queue."""
        client = self.client("sqs")
        url = client.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
        arn = client.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        return Queue(client, url, arn)


@dataclass
class Queue:
    """A queue of the cloudstage."""

    client: Any
    url: str
    arn: str

    def send(self, *bodies: str, **options: Any) -> list[str]:
        """Send messages; their ids."""
        return [
            str(self.client.send_message(QueueUrl=self.url, MessageBody=body, **options)["MessageId"])
            for body in bodies
        ]

    def waiting(self) -> list[dict[str, Any]]:
        """What can be received now, left where it is."""
        received = self.client.receive_message(
            QueueUrl=self.url,
            MaxNumberOfMessages=10,
            VisibilityTimeout=0,
            AttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        messages: list[dict[str, Any]] = received.get("Messages", [])
        return messages

    def size(self) -> int:
        """How many messages there are, visible or not."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        found = self.client.get_queue_attributes(QueueUrl=self.url, AttributeNames=names)["Attributes"]
        return sum(int(count) for count in found.values())
