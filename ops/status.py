"""What is deployed and where: the facts behind `dst status`."""

from typing import Any

from ops.deployment import Deployment


def collect(deployment: Deployment) -> dict[str, Any]:
    """The facts of a deployment, ready for JSON.

    Keys: stage, local_stage, workspace, region, account_id, endpoint, database, workgroup, buckets
    (zone to name), jobs (directory to deployed name), job_kinds, tables, urls.

    Raises:
        StageError: the local stage is not running, or nothing is deployed in this workspace.
    """
    running = deployment.running
    outputs = deployment.outputs()
    return {
        "stage": outputs["stage"],
        "local_stage": deployment.local_stage.directory.name,
        "workspace": outputs["workspace"],
        "region": outputs["region"],
        "account_id": outputs["account_id"],
        "endpoint": running.endpoint,
        "database": outputs["database"],
        "workgroup": outputs["workgroup"],
        "buckets": outputs["buckets"],
        "jobs": outputs["jobs"],
        "job_kinds": outputs["job_kinds"],
        "tables": tables(deployment, outputs["database"]),
        "urls": {"endpoint": running.endpoint},
    }


def tables(deployment: Deployment, database: str) -> list[str]:
    """The names of the tables in the Glue catalog's database, sorted."""
    pages = deployment.client("glue").get_paginator("get_tables").paginate(DatabaseName=database)
    return sorted(table["Name"] for page in pages for table in page["TableList"])
