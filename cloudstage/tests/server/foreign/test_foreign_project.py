"""A project that was written for AWS, and knows nothing of cloudstage, is applied, used, planned and destroyed."""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cloudstage.configuration import Configuration
from cloudstage.lifecycle import Cloudstage, Running
from stock_terraform import Terraform

from ..aws import client
from ..spark.spark_jobs import wait_until

PROJECT = Path(__file__).with_name("project")
REGION = "eu-west-1"
GOOD = "id,customer,amount\n1,Ann,9.5\n2,Bob,3\n"
BAD = "id,customer,amount\n3,Ann,2.5\n4,Bob,many\n"
ENDED = ("FAILED", "STOPPED", "SUCCEEDED", "TIMEOUT", "CANCELLED")


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Running]:
    with Cloudstage(tmp_path / "stage", Configuration(region=REGION)).tethered() as running:
        yield running


@pytest.fixture
def terraform(stage: Running, tmp_path: Path) -> Terraform:
    project = tmp_path / "project"
    shutil.copytree(PROJECT, project)
    with zipfile.ZipFile(tmp_path / "worker.zip", "w") as zipped:
        zipped.write(project / "worker/worker.py", "worker.py")
    environment = stage.process_environment(os.environ)
    return Terraform(project, environment, worker_zip=tmp_path / "worker.zip")


def test_it_is_applied_used_planned_and_destroyed(stage: Running, terraform: Terraform) -> None:
    terraform.run("init", "-input=false")
    terraform.run("apply", "-input=false", "-auto-approve")
    made = terraform.outputs()

    deliver(stage, made)
    transform(stage, made)
    assert ask(stage, made) == [["customer", "total"], ["Ann", "12.0"], ["Bob", "3.0"]]

    planned = terraform.run("plan", "-input=false", "-detailed-exitcode", succeeds=(0, 2))
    assert "No changes." in planned, planned
    terraform.run("destroy", "-input=false", "-auto-approve")
    assert left(stage) == {name: [] for name in left(stage)}


def deliver(stage: Running, made: dict[str, Any]) -> None:
    """Files become items; the one with a bad order ends among the dead letters, and only that one."""
    s3, sqs, dynamodb = (client(stage, name) for name in ("s3", "sqs", "dynamodb"))
    for name, text in (("good.csv", GOOD), ("bad.csv", BAD)):
        s3.put_object(Bucket=made["bucket"], Key=f"incoming/of may {name}", Body=text.encode())

    def count(queue: str) -> int:
        name = "ApproximateNumberOfMessages"
        answer = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=[name])
        return int(answer["Attributes"][name])

    wait_until(lambda: count(made["failed_queue"]) == 1)
    (dead,) = sqs.receive_message(QueueUrl=made["failed_queue"])["Messages"]
    assert "incoming/of+may+bad.csv" in dead["Body"]
    wait_until(lambda: len(dynamodb.scan(TableName=made["table"])["Items"]) == 3)
    items = dynamodb.scan(TableName=made["table"])["Items"]
    assert sorted(item["id"]["S"] for item in items) == ["1", "2", "3"]


def transform(stage: Running, made: dict[str, Any]) -> None:
    """The nightly job runs as it is deployed."""
    glue = client(stage, "glue")
    run_id = glue.start_job_run(JobName=made["job"])["JobRunId"]

    def run() -> dict[str, Any]:
        return dict(glue.get_job_run(JobName=made["job"], RunId=run_id)["JobRun"])

    wait_until(lambda: run()["JobRunState"] in ENDED)
    assert run()["JobRunState"] == "SUCCEEDED", run()


def ask(stage: Running, made: dict[str, Any]) -> list[list[str]]:
    """What the analysts' named query gives, which begins with a comment."""
    athena = client(stage, "athena")
    named = athena.get_named_query(NamedQueryId=made["query"])["NamedQuery"]
    started = athena.start_query_execution(
        QueryString=named["QueryString"],
        QueryExecutionContext={"Database": named["Database"]},
        WorkGroup=made["workgroup"],
    )["QueryExecutionId"]

    def execution() -> dict[str, Any]:
        return dict(athena.get_query_execution(QueryExecutionId=started)["QueryExecution"])

    wait_until(lambda: execution()["Status"]["State"] in ENDED)
    assert execution()["Status"]["State"] == "SUCCEEDED", execution()
    rows = athena.get_query_results(QueryExecutionId=started)["ResultSet"]["Rows"]
    return [[value["VarCharValue"] for value in row["Data"]] for row in rows]


def left(stage: Running) -> dict[str, list[str]]:
    """What each service still has. Log groups that the services themselves made are theirs, as on AWS."""
    iam, glue, athena = (client(stage, name) for name in ("iam", "glue", "athena"))
    return {
        "buckets": [each["Name"] for each in client(stage, "s3").list_buckets()["Buckets"]],
        "queues": client(stage, "sqs").list_queues().get("QueueUrls", []),
        "topics": [each["TopicArn"] for each in client(stage, "sns").list_topics()["Topics"]],
        "tables": client(stage, "dynamodb").list_tables()["TableNames"],
        "functions": [each["FunctionName"] for each in client(stage, "lambda").list_functions()["Functions"]],
        "mappings": client(stage, "lambda").list_event_source_mappings()["EventSourceMappings"],
        "roles": [each["RoleName"] for each in iam.list_roles()["Roles"]],
        "policies": [each["PolicyName"] for each in iam.list_policies(Scope="Local")["Policies"]],
        "databases": [each["Name"] for each in glue.get_databases()["DatabaseList"]],
        "jobs": glue.list_jobs()["JobNames"],
        "triggers": glue.list_triggers()["TriggerNames"],
        "workgroups": [
            each["Name"] for each in athena.list_work_groups()["WorkGroups"] if each["Name"] != "primary"
        ],
        "alarms": [
            each["AlarmName"] for each in client(stage, "cloudwatch").describe_alarms()["MetricAlarms"]
        ],
        "log groups": [
            each["logGroupName"]
            for each in client(stage, "logs").describe_log_groups(logGroupNamePrefix="/aws/lambda/")[
                "logGroups"
            ]
        ],
    }
