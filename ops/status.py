"""What is deployed and where: the facts behind `dst status`."""

from typing import Any

from ops.deployment import Deployment


def collect(deployment: Deployment) -> dict[str, Any]:
    """The facts of a deployment, ready for JSON.

    Keys: stage, account, workspace, region, account_id, endpoint, resources, database, workgroup, buckets
    (zone to name), jobs (directory to deployed name), job_kinds, tables, urls.

    Raises:
        StageError: the account can't be used, or nothing is deployed in this workspace.
    """
    deployed = deployment.deployed()
    outputs, endpoint = deployed.outputs, deployment.account.endpoint
    return {
        "stage": outputs["stage"],
        "account": str(deployment.account),
        "workspace": outputs["workspace"],
        "region": outputs["region"],
        "account_id": outputs["account_id"],
        "endpoint": endpoint,
        "resources": deployed.resources,
        "database": outputs["database"],
        "workgroup": outputs["workgroup"],
        "buckets": outputs["buckets"],
        "jobs": outputs["jobs"],
        "job_kinds": outputs["job_kinds"],
        "tables": tables(deployment, outputs["database"]),
        "urls": {"endpoint": endpoint},
    }


def tables(deployment: Deployment, database: str) -> list[str]:
    """The names of the tables in the Glue catalog's database, sorted."""
    pages = deployment.client("glue").get_paginator("get_tables").paginate(DatabaseName=database)
    return sorted(table["Name"] for page in pages for table in page["TableList"])
