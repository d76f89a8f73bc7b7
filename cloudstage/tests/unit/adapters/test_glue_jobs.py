"""Glue jobs and triggers can be changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cloudstage.adapters import glue_jobs

from .gaps import Adapted, with_and_without

ROLE = "arn:aws:iam::123456789012:role/job"


@pytest.fixture
def glue(client: Callable[[str], Any]) -> Any:
    glue = client("glue")
    glue.create_job(
        Name="ingest",
        Role=ROLE,
        Command={"Name": "glueetl", "ScriptLocation": "s3://code/old.py"},
        DefaultArguments={"--stage": "local", "--old": "1"},
        Description="Before",
        Timeout=60,
        Tags={"project": "dst"},
    )
    glue.create_trigger(
        Name="daily",
        Type="SCHEDULED",
        Schedule="cron(0 5 * * ? *)",
        Actions=[{"JobName": "ingest"}],
        StartOnCreation=True,
    )
    return glue


@with_and_without(glue_jobs.update_job)
def test_an_update_replaces_the_definition(glue: Any, adapted: Adapted) -> None:
    with adapted:
        glue.update_job(
            JobName="ingest",
            JobUpdate={
                "Role": ROLE,
                "Command": {"Name": "glueetl", "ScriptLocation": "s3://code/new.py"},
                "DefaultArguments": {"--stage": "local"},
                "ExecutionProperty": {"MaxConcurrentRuns": 2},
                "Timeout": 30,
                "NumberOfWorkers": 3,
                "WorkerType": "G.1X",
            },
        )
    job = glue.get_job(JobName="ingest")["Job"]
    assert job["Command"]["ScriptLocation"] == "s3://code/new.py"
    assert job["DefaultArguments"] == {"--stage": "local"}
    assert job["ExecutionProperty"] == {"MaxConcurrentRuns": 2}
    assert (job["Timeout"], job["NumberOfWorkers"], job["WorkerType"]) == (30, 3, "G.1X")
    assert "Description" not in job, "what an update leaves out must not stay"
    assert job["LastModifiedOn"] > job["CreatedOn"]
    arn = "arn:aws:glue:eu-central-1:123456789012:job/ingest"
    assert glue.get_tags(ResourceArn=arn)["Tags"] == {"project": "dst"}


@with_and_without(glue_jobs.execution_class_is_as_given)
def test_a_job_has_the_execution_class_it_was_given(glue: Any, adapted: Adapted) -> None:
    job = {"Role": ROLE, "Command": {"Name": "glueetl", "ScriptLocation": "s3://code/a.py"}}
    with adapted:
        glue.create_job(Name="plain", **job)
        glue.create_job(Name="flexible", **job, ExecutionClass="FLEX")
    assert "ExecutionClass" not in glue.get_job(JobName="plain")["Job"]
    assert glue.get_job(JobName="flexible")["Job"]["ExecutionClass"] == "FLEX"


@with_and_without(glue_jobs.update_trigger)
def test_an_update_changes_the_schedule(glue: Any, adapted: Adapted) -> None:
    with adapted:
        glue.update_trigger(
            Name="daily",
            TriggerUpdate={
                "Schedule": "cron(0 6 * * ? *)",
                "Description": "Later",
                "Actions": [{"JobName": "ingest", "Arguments": {"--stage": "dev"}}],
            },
        )
    trigger = glue.get_trigger(Name="daily")["Trigger"]
    assert trigger["Schedule"] == "cron(0 6 * * ? *)"
    assert trigger["Description"] == "Later"
    assert trigger["Actions"] == [{"JobName": "ingest", "Arguments": {"--stage": "dev"}}]
    assert trigger["State"] == "ACTIVATED"


@with_and_without(glue_jobs.update_trigger)
def test_an_update_changes_what_a_trigger_waits_for(glue: Any, adapted: Adapted) -> None:
    def waits_for(job: str) -> dict[str, Any]:
        condition = {"LogicalOperator": "EQUALS", "JobName": job, "State": "SUCCEEDED"}
        return {"Logical": "ANY", "Conditions": [condition]}

    actions = [{"JobName": "ingest"}]
    glue.create_trigger(Name="then", Type="CONDITIONAL", Predicate=waits_for("one"), Actions=actions)
    with adapted:
        glue.update_trigger(Name="then", TriggerUpdate={"Predicate": waits_for("other"), "Actions": actions})
    assert glue.get_trigger(Name="then")["Trigger"]["Predicate"] == waits_for("other")
