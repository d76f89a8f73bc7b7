"""From an empty stage to an answered query: each step as a user would take it by hand."""

import contextlib
from collections.abc import Iterator
from typing import Any

from rich.console import Console

from cloudstage import prepare
from ops import athena, package
from ops.demo import raw_zone, report
from ops.demo.steps import Steps
from ops.deployment import Deployment
from ops.errors import JobFailedError
from ops.jobs import glue_run
from ops.jobs.log_tail import LogTail, message_in
from ops.rendering import as_table
from ops.terraform import binary, state

JOB = "ingest_raw_data"


def run(deployment: Deployment, console: Console, keep: bool) -> None:
    """Do it all, showing progress on the console; `keep` leaves the local stage running.

    Raises:
        OpsError: a step failed; the stage is stopped all the same, unless it ran before.
    """
    binary.find(deployment.project.versions["terraform"])  # before anything is started in vain
    steps = Steps(console)
    with steps.step("Prepare the runtimes of Glue and Lambda") as say:
        python = f"python{deployment.project.versions['python']}"
        prepare(deployment.local_stage.configuration, say, lambda_runtimes=(python,))
    with _stage(deployment, steps, keep):
        outputs, resources = _deploy(deployment, steps)
        with steps.step("Deliver raw data"):
            raw_zone.deliver(deployment.client("s3"), outputs["buckets"]["raw"])
        outcome = _ingest(deployment, outputs, steps)
        answers = _ask(deployment, outputs, steps)
    report.deployed(console, outputs, resources)
    report.job(console, outcome)
    for answer in answers[:-1]:
        console.print(as_table(answer))
    report.plot(console, answers[-1])
    report.times(console, steps.seconds)
    report.next_steps(console, keep)


@contextlib.contextmanager
def _stage(deployment: Deployment, steps: Steps, keep: bool) -> Iterator[None]:
    """The local stage: left as it is if it runs already, else tied to this process unless it is to stay."""
    local = deployment.local_stage
    if keep or local.running():
        with steps.step("Start the local stage"):
            local.up()
        yield
        return
    with contextlib.ExitStack() as stack:
        with steps.step("Start the local stage"):
            stack.enter_context(local.tethered())
        yield
        with steps.step("Stop the local stage, keeping what is in it"):
            stack.close()


def _deploy(deployment: Deployment, steps: Steps) -> tuple[dict[str, Any], int]:
    with steps.step("Package the jobs"):
        package.build()
    with steps.step("terraform init"):
        deployment.ensure_state_bucket()
        stack = deployment.stack
    with state.exclusive(
        deployment.client("s3"), deployment.state_settings, deployment.workspace, stack.scratch, lambda: None
    ):
        stack.initialise()
        with steps.step("terraform plan") as say:
            plan = stack.plan(lambda _: None)
            say(f"{plan.add} to add, {plan.change} to change, {plan.destroy} to destroy")
        with steps.step("terraform apply") as say:
            stack.apply(plan, say)
        return stack.outputs(), len(stack.resources())


def _ingest(deployment: Deployment, outputs: dict[str, Any], steps: Steps) -> glue_run.Outcome:
    glue, name = deployment.client("glue"), outputs["jobs"][JOB]
    with steps.step(f"Run the deployed Glue job {name}") as say:
        run_id = glue_run.start(glue, name, {})
        groups = [group for group in outputs["log_groups"][JOB] if group.endswith("/output")]
        tail = LogTail(deployment.client("logs"), groups, run_id)
        outcome = glue_run.follow(glue, tail, name, run_id, lambda line: say(message_in(line)))
    if outcome.state != "SUCCEEDED":
        raise JobFailedError(
            f"{name} ended {outcome.state}: {outcome.error}\nIts log: dst up, then: dst logs {JOB}"
        )
    return outcome


def _ask(deployment: Deployment, outputs: dict[str, Any], steps: Steps) -> list[athena.Result]:
    client = deployment.client("athena")
    with steps.step("Query the table through Athena"):
        return [
            athena.run(client, sql, outputs["database"], outputs["workgroup"])
            for sql in (report.OVERVIEW, report.QUARANTINED, report.BY_YEAR)
        ]
