"""A stage with ``protect_data`` loses neither its data nor the keys that make it readable.

This is the first of the locks: no command of dst does such a thing. The others are Terraform's and AWS's own: see
`docs/stages.md`.
"""

from ops.deployment import Deployment
from ops.errors import ProtectedError
from ops.terraform.stack import Plan, Stack

HOLDING_DATA = frozenset(
    {
        "aws_db_instance",
        "aws_dynamodb_table",
        "aws_ecr_repository",
        "aws_glue_catalog_database",
        "aws_glue_catalog_table",
        "aws_kms_key",
        "aws_rds_cluster",
        "aws_s3_bucket",
        "aws_secretsmanager_secret",
    }
)
"""Types of resources that hold data, or without which data can't be found or read."""


def refuse_destroy(deployment: Deployment) -> None:
    """Raise ProtectedError if the deployment may not be destroyed."""
    if deployment.protected:
        raise ProtectedError(
            f"{deployment} is protected (protect_data in project.json) and can't be destroyed. To give it up, set "
            "protect_data to false in a reviewed change, apply that, and destroy then"
        )


def check(deployment: Deployment, stack: Stack, plan: Plan) -> None:
    """Raise ProtectedError if a saved plan would remove or replace what holds protected data."""
    if not deployment.protected or not plan.destroy:
        return
    lost = [address for kind, address in stack.removals(plan) if kind in HOLDING_DATA]
    if lost:
        raise ProtectedError(
            f"{deployment} is protected (protect_data in project.json), and this plan would remove or replace what "
            f"holds its data: {', '.join(lost)}. Nothing was changed. See the plan: dst plan{deployment.options}"
        )
