"""Terraform on a cloudstage: no drift, two workspaces side by side, nothing left after destroy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from checkout import Checkout

WORKSPACE = "we-1234-some-feature"


def names_in(checkout: Checkout) -> dict[str, list[str]]:
    """What each service lists, by its own word and not by Terraform's."""
    listed: dict[str, Callable[[Any], list[str]]] = {
        "s3": lambda c: [b["Name"] for b in c.list_buckets()["Buckets"]],
        "iam": lambda c: [r["RoleName"] for r in c.list_roles()["Roles"]],
        "glue": lambda c: [
            *c.list_jobs()["JobNames"],
            *(d["Name"] for d in c.get_databases()["DatabaseList"]),
            *c.list_crawlers()["CrawlerNames"],
            *(t["Name"] for t in c.get_triggers()["Triggers"]),
        ],
        "lambda": lambda c: [
            *(f["FunctionName"] for f in c.list_functions()["Functions"]),
            *(m["UUID"] for m in c.list_event_source_mappings()["EventSourceMappings"]),
        ],
        "sqs": lambda c: c.list_queues().get("QueueUrls", []),
        "sns": lambda c: [t["TopicArn"] for t in c.list_topics()["Topics"]],
        "logs": lambda c: [g["logGroupName"] for g in c.describe_log_groups()["logGroups"]],
        "events": lambda c: [r["Name"] for r in c.list_rules()["Rules"]],
        "athena": lambda c: [w["Name"] for w in c.list_work_groups()["WorkGroups"] if w["Name"] != "primary"],
        "cloudwatch": lambda c: [a["AlarmName"] for a in c.describe_alarms()["MetricAlarms"]],
        "kms": lambda c: [
            a["AliasName"] for a in c.list_aliases()["Aliases"] if "/aws/" not in a["AliasName"]
        ],
    }
    return {service: sorted(read(checkout.client(service))) for service, read in listed.items()}


def test_a_second_plan_is_empty(platform: Checkout) -> None:
    assert "No changes" in platform.dst("plan").stdout


def test_status_says_what_scripts_need(platform: Checkout) -> None:
    facts = platform.status()
    assert facts["stage"] == "local"
    assert facts["workspace"] == "default"
    assert set(facts["buckets"]) >= {"raw", "curated", "quarantine", "artifacts"}
    assert set(facts["jobs"]) >= {"ingest_raw_data", "register_raw_data"}
    assert all(name.startswith("default-") for name in facts["jobs"].values())
    assert {"database", "workgroup", "endpoint", "region", "tables", "urls"} <= set(facts)


@pytest.fixture(scope="module")
def alone(new_checkout: Callable[[], Checkout]) -> Checkout:
    checkout = new_checkout()
    checkout.dst("up")
    return checkout


def test_two_workspaces_live_side_by_side_and_leave_nothing(alone: Checkout) -> None:
    empty = names_in(alone)
    alone.dst("apply")
    only_default = names_in(alone)
    alone.dst("apply", "-w", WORKSPACE)
    assert "No changes" in alone.dst("plan").stdout
    feature = alone.status("-w", WORKSPACE)
    default = alone.status()
    assert not set(feature["buckets"].values()) & set(default["buckets"].values())
    assert feature["database"] != default["database"]
    alone.dst("destroy", "-w", WORKSPACE)
    assert names_in(alone) == only_default
    alone.dst("destroy")
    left = names_in(alone)
    left["s3"] = [name for name in left["s3"] if "terraform-backend" not in name]
    assert left == empty
