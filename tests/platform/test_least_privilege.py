"""Each action that a job's role may do is one that the job does: taken away, it is missed.

A full scenario is recorded first, by the authorization log of the stage: what nothing asks for is superfluous. Then
some actions are really taken away.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

import pytest
from botocore.exceptions import ClientError

from checkout import Checkout

from .test_register_raw_data import eventually

INGEST, REGISTER = "ingest_raw_data", "register_raw_data"
POLICY = "job"
HEADER = "signal_name,observed_at,value,unit\n"
LINE = re.compile(
    r"assumed-role/(?P<role>[^/]+)/\S+ (?P<verb>may|may not) (?P<action>\S+) on (?P<resource>\S+)"
)
REFUSED_BY_LAMBDA = "The provided execution role does not have permissions to call"
UNSEEN = {
    "cloudwatch:PutMetricData": "AWS Glue writes a run's metrics; the stage has none",
    "s3:AbortMultipartUpload": "only after a part of an upload has failed",
    "s3:DeleteObject": "only after a commit has lost a race: what it has written is removed",
    "s3:GetBucketLocation": "by clients that do not know the region",
}
"""Actions that no scenario here can ask for, and why."""


class Asked(NamedTuple):
    """What a role asked for, and whether it was allowed."""

    role: str
    allowed: bool
    action: str
    resource: str


def asked(platform: Checkout) -> list[Asked]:
    log = platform.directory / ".dst/cloudstages/local/server.log"
    found = LINE.finditer(log.read_text(encoding="utf-8"))
    return [Asked(each["role"], each["verb"] == "may", each["action"], each["resource"]) for each in found]


def role_of(platform: Checkout, job: str) -> str:
    roles = platform.client("iam").list_roles()["Roles"]
    (name,) = [role["RoleName"] for role in roles if role["RoleName"].endswith(job.replace("_", "-"))]
    return str(name)


def statements_of(platform: Checkout, role: str) -> list[dict[str, Any]]:
    policy = platform.client("iam").get_role_policy(RoleName=role, PolicyName=POLICY)
    return list(policy["PolicyDocument"]["Statement"])


@contextmanager
def robbed(platform: Checkout, role: str, action: str) -> Iterator[None]:
    """The role without one action, for a while."""
    statements = statements_of(platform, role)
    left = [
        statement | {"Action": kept}
        for statement in statements
        if (kept := [each for each in statement["Action"] if each != action])
    ]
    put = platform.client("iam").put_role_policy
    put(
        RoleName=role,
        PolicyName=POLICY,
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": left}),
    )
    try:
        yield
    finally:
        whole = json.dumps({"Version": "2012-10-17", "Statement": statements})
        put(RoleName=role, PolicyName=POLICY, PolicyDocument=whole)


@pytest.fixture(scope="module")
def scenario(platform: Checkout) -> None:
    """What the jobs are there for: files arrive, are registered, ingested, and ingested again."""
    raw = platform.status()["buckets"]["raw"]
    s3 = platform.client("s3")
    for name, value in (("one", "1"), ("two", "none")):
        body = f"{HEADER}privilege,2024-01-01T00:00:00Z,{value},m\n".encode()
        s3.put_object(Bucket=raw, Key=f"signals/privilege/{name}.csv", Body=body)
    sql = "SELECT count(*) FROM raw_files WHERE key LIKE 'signals/privilege/%'"
    eventually(lambda: platform.query(sql), [["2"]])
    platform.run(INGEST)


@pytest.mark.usefixtures("scenario")
def test_every_action_of_the_policies_is_asked_for_by_a_job(platform: Checkout) -> None:
    """A statement of the module lake_access is the same for all jobs: one that asks for an action is enough."""
    granted: set[str] = set()
    used: set[str] = set()
    for job in (INGEST, REGISTER):
        role = role_of(platform, job)
        seen = {(each.action, each.resource) for each in asked(platform) if each.role == role}
        for statement in statements_of(platform, role):
            for action in statement["Action"]:
                granted.add(name := f"{statement['Sid']}: {action}")
                if any(covers(statement, action, *one) for one in seen):
                    used.add(name)
    assert {name for name in granted - used if name.rpartition(": ")[2] not in UNSEEN} == set()


def covers(statement: dict[str, Any], granted: str, action: str, resource: str) -> bool:
    return action == granted and any(fnmatchcase(resource, each) for each in statement["Resource"])


@pytest.mark.usefixtures("scenario")
def test_nothing_is_denied(platform: Checkout) -> None:
    roles = {role_of(platform, job) for job in (INGEST, REGISTER)}
    assert [each for each in asked(platform) if each.role in roles and not each.allowed] == []


def denials(platform: Checkout, role: str, action: str) -> int:
    return sum((each.role, each.action, each.allowed) == (role, action, False) for each in asked(platform))


@pytest.mark.parametrize("action", ["s3:PutObject", "kms:GenerateDataKey"])
@pytest.mark.usefixtures("scenario")
def test_a_function_is_denied_what_it_is_robbed_of(platform: Checkout, action: str) -> None:
    role = role_of(platform, REGISTER)
    before = denials(platform, role, action)
    with robbed(platform, role, action):
        call_register(platform)
    assert denials(platform, role, action) > before


def call_register(platform: Checkout) -> None:
    arrived = {"key": f"signals/privilege/{uuid.uuid4()}.csv", "size": 1, "eTag": "e", "sequencer": "1"}
    record = {
        "eventSource": "aws:s3",
        "eventName": "ObjectCreated:Put",
        "eventTime": "2024-01-01T00:00:00.000Z",
        "s3": {"bucket": {"name": platform.status()["buckets"]["raw"]}, "object": arrived},
    }
    message = {"Records": [{"messageId": "1", "body": json.dumps({"Records": [record]})}]}
    client = platform.client("lambda")
    client.invoke(FunctionName=role_of(platform, REGISTER), Payload=json.dumps(message))


@pytest.mark.parametrize(
    ("action", "extra_mb"), [("logs:CreateLogStream", 1), ("logs:PutLogEvents", 2), ("kms:Decrypt", 3)]
)
@pytest.mark.usefixtures("scenario")
def test_a_function_misses_its_log_and_its_variables_when_it_starts(
    platform: Checkout, action: str, extra_mb: int
) -> None:
    role = role_of(platform, REGISTER)
    before = denials(platform, role, action)
    client = platform.client("lambda")
    memory = client.get_function_configuration(FunctionName=role)["MemorySize"]
    with robbed(platform, role, action):
        client.update_function_configuration(FunctionName=role, MemorySize=memory + extra_mb)  # a cold start
        call_register(platform)
    client.update_function_configuration(FunctionName=role, MemorySize=memory)
    assert denials(platform, role, action) > before


@pytest.mark.parametrize("action", ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"])
def test_lambda_refuses_a_queue_that_the_function_is_robbed_of(platform: Checkout, action: str) -> None:
    role, client = role_of(platform, REGISTER), platform.client("lambda")
    mappings = client.list_event_source_mappings()["EventSourceMappings"]
    (source,) = [each["EventSourceArn"] for each in mappings if f":function:{role}" in each["FunctionArn"]]
    with robbed(platform, role, action), pytest.raises(ClientError, match=REFUSED_BY_LAMBDA):
        client.create_event_source_mapping(FunctionName=role, EventSourceArn=source)


def test_lambda_refuses_dead_letters_that_the_function_is_robbed_of(platform: Checkout) -> None:
    role, client = role_of(platform, REGISTER), platform.client("lambda")
    dead_letters = client.get_function_configuration(FunctionName=role)["DeadLetterConfig"]
    with robbed(platform, role, "sqs:SendMessage"), pytest.raises(ClientError, match=REFUSED_BY_LAMBDA):
        client.update_function_configuration(FunctionName=role, DeadLetterConfig=dead_letters)


def test_a_job_that_is_robbed_of_its_code_does_not_start(platform: Checkout) -> None:
    role = role_of(platform, INGEST)
    with robbed(platform, role, "s3:GetObject"):
        failed = platform.dst("run", INGEST, exit_code=6)
    assert "ScriptLocation" in failed.stderr
    assert denials(platform, role, "s3:GetObject")


@pytest.mark.usefixtures("scenario")
def test_a_job_that_is_robbed_of_a_table_says_which(platform: Checkout) -> None:
    role = role_of(platform, INGEST)
    with robbed(platform, role, "glue:GetTable"):
        failed = platform.dst("run", INGEST, exit_code=6)
    assert "not authorized to perform: glue:GetTable on resource" in failed.stderr
