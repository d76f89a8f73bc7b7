"""Dead letters go back, with moto as it is and with the adapter."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from cloudstage.adapters import sqs_move_tasks

from .gaps import Adapted, with_and_without

ARN = "arn:aws:sqs:eu-central-1:123456789012:"


@with_and_without(sqs_move_tasks.dead_letters_are_moved)
def test_dead_letters_go_back_to_the_queue_that_gave_up_on_them(
    client: Callable[[str], Any], adapted: Adapted
) -> None:
    sqs = client("sqs")
    dead = sqs.create_queue(QueueName="dead")["QueueUrl"]
    policy = json.dumps({"deadLetterTargetArn": f"{ARN}dead", "maxReceiveCount": 1})
    work = sqs.create_queue(QueueName="work", Attributes={"RedrivePolicy": policy})["QueueUrl"]
    sqs.send_message(QueueUrl=work, MessageBody="m")
    for _ in range(2):
        sqs.receive_message(QueueUrl=work, VisibilityTimeout=0)
    with adapted:
        sqs.start_message_move_task(SourceArn=f"{ARN}dead")
        task = sqs.list_message_move_tasks(SourceArn=f"{ARN}dead")["Results"][0]

    assert (task["Status"], task["ApproximateNumberOfMessagesMoved"]) == ("COMPLETED", 1)
    assert "Messages" not in sqs.receive_message(QueueUrl=dead)
    assert [message["Body"] for message in sqs.receive_message(QueueUrl=work)["Messages"]] == ["m"]
