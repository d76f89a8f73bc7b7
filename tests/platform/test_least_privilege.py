"""Each action that a job's role may do is one that the job does: taken away, it is missed.

A full scenario is recorded first, by the authorization log of the stage: what nothing asks for is superfluous. Then
some actions are really taken away.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

import pytest

from checkout import Checkout

from .test_register_raw_data import eventually

INGEST, REGISTER = "ingest_raw_data", "register_raw_data"
POLICY = "job"
HEADER = "signal_name,observed_at,value,unit\n"
LINE = re.compile(
    r"assumed-role/(?P<role>[^/]+)/\S+ (?P<verb>may|may not) (?P<action>\S+) on (?P<resource>\S+)"
)
UNSEEN = {
    "cloudwatch:PutMetricData": "AWS Glue writes a run's metrics; the stage has none",
    "s3:AbortMultipartUpload": "only after a part of an upload has failed",
}
"""Actions that no scenario here can ask for, and why."""


class Asked(NamedTuple):
    """What a role asked for, and whether it was allowed."""

    role: str
    allowed: bool
    action: str
    resource: str


def asked(platform: Checkout) -> list[Asked]:
    log = platform.directory / ".dst" / "local" / "local" / "server.log"
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


@pytest.mark.parametrize("job", [INGEST, REGISTER])
@pytest.mark.usefixtures("scenario")
def test_every_action_of_the_policy_is_asked_for(platform: Checkout, job: str) -> None:
    role = role_of(platform, job)
    seen = {(each.action, each.resource) for each in asked(platform) if each.role == role}
    superfluous = [
        f"{statement['Sid']}: {action}"
        for statement in statements_of(platform, role)
        for action in statement["Action"]
        if action not in UNSEEN and not any(covers(statement, action, *one) for one in seen)
    ]
    assert superfluous == []


def covers(statement: dict[str, Any], granted: str, action: str, resource: str) -> bool:
    return action == granted and any(fnmatchcase(resource, each) for each in statement["Resource"])


@pytest.mark.usefixtures("scenario")
def test_nothing_is_denied(platform: Checkout) -> None:
    assert [each for each in asked(platform) if not each.allowed] == []
