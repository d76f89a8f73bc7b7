"""A wide project that was written for AWS is applied, planned, changed, planned and destroyed, and nothing is left."""

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

PROJECT = Path(__file__).with_name("wide_project")
REGION = "eu-west-1"
ACCOUNT_ID = "123456789012"


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Running]:
    configuration = Configuration(region=REGION, account_id=ACCOUNT_ID)
    with Cloudstage(tmp_path / "stage", configuration).tethered() as running:
        yield running


@pytest.fixture
def terraform(stage: Running, tmp_path: Path) -> Terraform:
    project = tmp_path / "project"
    shutil.copytree(PROJECT, project)
    for name, member in (("function.zip", "h.py"), ("layer.zip", "python/lib.py")):
        with zipfile.ZipFile(tmp_path / name, "w") as zipped:
            zipped.writestr(member, "def handler(event, context): ...\n")
    environment = stage.process_environment(os.environ)
    return Terraform(
        project, environment, function_zip=tmp_path / "function.zip", layer_zip=tmp_path / "layer.zip"
    )


def test_it_is_applied_changed_and_destroyed(stage: Running, terraform: Terraform) -> None:
    client(stage, "s3").create_bucket(
        Bucket=f"legacy-{ACCOUNT_ID}", CreateBucketConfiguration={"LocationConstraint": REGION}
    )
    before = left(stage)
    terraform.run("init", "-input=false")
    for release in ("release=1", "release=2"):
        terraform.run("apply", "-input=false", "-auto-approve", "-parallelism=20", "-var", release)
        plan = ("plan", "-input=false", "-detailed-exitcode", "-parallelism=20", "-var", release)
        planned = terraform.run(*plan, succeeds=(0, 2))
        assert "No changes." in planned, planned

    terraform.run("destroy", "-input=false", "-auto-approve", "-parallelism=20")
    assert left(stage) == before | {"buckets": []}


def left(stage: Running) -> dict[str, list[Any]]:
    """What each service lists. Without keys that wait for their deletion, and what AWS, too, shows for a while."""

    def listed(service: str, operation: str, field: str, **arguments: Any) -> list[Any]:
        return list(getattr(client(stage, service), operation)(**arguments)[field])

    iam, glue, events = "iam", "glue", "events"
    return {
        "alarms": listed("cloudwatch", "describe_alarms", "MetricAlarms"),
        "apis": listed("apigatewayv2", "get_apis", "Items"),
        "buckets": [each["Name"] for each in listed("s3", "list_buckets", "Buckets")],
        "buses": [each["Name"] for each in listed(events, "list_event_buses", "EventBuses")],
        "certificates": listed("acm", "list_certificates", "CertificateSummaryList"),
        "classifiers": listed(glue, "get_classifiers", "Classifiers"),
        "clusters": [each for each in clusters(stage) if each["status"] != "INACTIVE"],
        "connections": listed(glue, "get_connections", "ConnectionList"),
        "crawlers": listed(glue, "list_crawlers", "CrawlerNames"),
        "dashboards": listed("cloudwatch", "list_dashboards", "DashboardEntries"),
        "databases": listed(glue, "get_databases", "DatabaseList"),
        "delivery streams": listed("firehose", "list_delivery_streams", "DeliveryStreamNames"),
        "endpoints": [
            each
            for each in listed("ec2", "describe_vpc_endpoints", "VpcEndpoints")
            if each["State"] != "deleted"
        ],
        "functions": listed("lambda", "list_functions", "Functions"),
        "jobs": listed(glue, "list_jobs", "JobNames"),
        "layers": listed("lambda", "list_layers", "Layers"),
        "log groups": [each["logGroupName"] for each in listed("logs", "describe_log_groups", "logGroups")],
        "mappings": listed("lambda", "list_event_source_mappings", "EventSourceMappings"),
        "networks": [each["VpcId"] for each in listed("ec2", "describe_vpcs", "Vpcs")],
        "notebooks": listed("sagemaker", "list_notebook_instances", "NotebookInstances"),
        "parameters": listed("ssm", "describe_parameters", "Parameters"),
        "pipes": listed("pipes", "list_pipes", "Pipes"),
        "policies": listed(iam, "list_policies", "Policies", Scope="Local"),
        "queries": listed("logs", "describe_query_definitions", "queryDefinitions"),
        "queues": client(stage, "sqs").list_queues().get("QueueUrls", []),
        "registries": listed(glue, "list_registries", "Registries"),
        "repositories": listed("ecr", "describe_repositories", "repositories"),
        "roles": [each["RoleName"] for each in listed(iam, "list_roles", "Roles")],
        "rules": listed(events, "list_rules", "Rules"),
        "scalable targets": listed(
            "application-autoscaling",
            "describe_scalable_targets",
            "ScalableTargets",
            ServiceNamespace="dynamodb",
        ),
        "schedules": listed("scheduler", "list_schedules", "Schedules"),
        "secrets": listed("secretsmanager", "list_secrets", "SecretList"),
        "state machines": listed("stepfunctions", "list_state_machines", "stateMachines"),
        "streams": listed("kinesis", "list_streams", "StreamNames"),
        "tables": listed("dynamodb", "list_tables", "TableNames"),
        "topics": listed("sns", "list_topics", "Topics"),
        "triggers": listed(glue, "list_triggers", "TriggerNames"),
        "workflows": listed(glue, "list_workflows", "Workflows"),
        "workgroups": [each["Name"] for each in listed("athena", "list_work_groups", "WorkGroups")],
        "zones": listed("route53", "list_hosted_zones", "HostedZones"),
    }


def clusters(stage: Running) -> list[dict[str, Any]]:
    ecs = client(stage, "ecs")
    described: list[dict[str, Any]] = ecs.describe_clusters(clusters=ecs.list_clusters()["clusterArns"])[
        "clusters"
    ]
    return described
