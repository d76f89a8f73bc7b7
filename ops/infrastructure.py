"""Plan, apply and destroy a deployment."""

import contextlib
from collections.abc import Iterator

from ops import package, protection
from ops.deployment import Deployment
from ops.steps import Steps
from ops.terraform import state
from ops.terraform.stack import Plan, Stack


def show_plan(deployment: Deployment, steps: Steps) -> str:
    """What apply would change, as terraform shows it to a person. Raises what ``apply`` does."""
    with _changing(deployment, steps) as stack:
        return stack.show(_plan(stack, steps))


def apply(deployment: Deployment, steps: Steps) -> Plan:
    """Deploy this checkout: package the jobs, plan, and apply that very plan.

    Raises:
        StageError: the account can't be used.
        ProtectedError: the plan would remove what holds protected data.
        TerraformError: with terraform's own reason.
    """
    with _changing(deployment, steps) as stack:
        plan = _plan(stack, steps)
        protection.check(deployment, stack, plan)
        # Also an empty plan is applied: outputs may have changed.
        with steps.step("terraform apply") as say:
            stack.apply(plan, say)
    return plan


def destroy(deployment: Deployment, steps: Steps) -> Plan:
    """Remove everything that the workspace deployed, with its data.

    Raises:
        ProtectedError: the stage protects its data.
        StageError: the account can't be used.
        TerraformError: with terraform's own reason.
    """
    protection.refuse_destroy(deployment)
    with _changing(deployment, steps) as stack:
        plan = _plan(stack, steps, "-destroy")
        with steps.step("terraform destroy") as say:
            stack.apply(plan, say)
        stack.forget_workspace()
    return plan


@contextlib.contextmanager
def _changing(deployment: Deployment, steps: Steps) -> Iterator[Stack]:
    """The initialised stack, with current packages, that no other command changes meanwhile."""
    with steps.step("Package the jobs"):
        package.build()
    s3, settings = deployment.client("s3"), deployment.state_settings
    state.ensure_bucket(s3, settings["bucket"], deployment.project.aws_region)

    def wait() -> None:
        steps.note("Another dst command changes this workspace; waiting for it.")

    with state.exclusive(s3, settings, deployment.workspace, deployment.scratch, wait):
        with steps.step("terraform init"):
            deployment.stack.initialise()
        yield deployment.stack


def _plan(stack: Stack, steps: Steps, *options: str) -> Plan:
    with steps.step("terraform plan") as say:
        plan = stack.plan(lambda _: None, *options)
        say(f"{plan.add} to add, {plan.change} to change, {plan.destroy} to destroy")
    return plan
