"""``iam:PassRole``: who configures a service with a role must be allowed to hand that role to the service.

Source: "Grant a user permissions to pass a role to an AWS service" in the IAM user guide.
"""

from __future__ import annotations

from collections.abc import Iterator

from cloudstage.iam import principals
from cloudstage.iam.policy import Need
from cloudstage.iam.requests.call import Call

_PASSING = {
    "ecs:RegisterTaskDefinition": ("taskRoleArn", "executionRoleArn"),
    "events:PutRule": ("RoleArn",),
    "firehose:CreateDeliveryStream": ("RoleARN",),
    "glue:CreateCrawler": ("Role",),
    "glue:CreateJob": ("Role",),
    "glue:UpdateCrawler": ("Role",),
    "lambda:CreateFunction": ("Role",),
    "lambda:UpdateFunctionConfiguration": ("Role",),
    "sagemaker:CreateModel": ("ExecutionRoleArn",),
    "sagemaker:CreateNotebookInstance": ("RoleArn",),
    "sagemaker:CreateTrainingJob": ("RoleArn",),
    "scheduler:CreateSchedule": ("RoleArn",),
    "states:CreateStateMachine": ("roleArn",),
    "states:UpdateStateMachine": ("roleArn",),
}
_SERVICES = {"ecs": "ecs-tasks"}


def needs(call: Call) -> Iterator[Need]:
    """``iam:PassRole`` on each role that the call hands over."""
    for parameter in _PASSING.get(f"{call.service}:{call.operation}", ()):
        if role := call.text(parameter):
            found = principals.find_role(role, call.account_id)
            arn = role if role.startswith("arn:") else f"arn:aws:iam::{call.account_id}:role/{role}"
            service = f"{_SERVICES.get(call.service, call.service)}.amazonaws.com"
            yield Need("iam:PassRole", found.arn if found else arn, {"iam:passedtoservice": (service,)})
