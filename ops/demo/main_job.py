"""From an empty account to an answered query: each step as a user would take it by hand."""

import contextlib
from collections.abc import Iterator

from rich.console import Console

from cloudstage import Cloudstage, prepare
from ops import athena, infrastructure
from ops.demo import raw_zone, report
from ops.deployment import Deployment
from ops.jobs import deployed, glue_run
from ops.rendering import as_table
from ops.steps import Steps
from ops.terraform import binary

JOB = "ingest_raw_data"


def run(deployment: Deployment, cloudstage: Cloudstage, console: Console, keep: bool) -> None:
    """Do it all, showing progress on the console; `keep` leaves the cloudstage running.

    Raises:
        OpsError: a step failed; the cloudstage is stopped all the same, unless it ran before.
    """
    binary.find(deployment.project.versions["terraform"])  # before anything is started in vain
    steps = Steps(console)
    with steps.step("Prepare the runtimes of Glue and Lambda") as say:
        python = f"python{deployment.project.versions['lambda_python']}"
        prepare(cloudstage.configuration, say, lambda_runtimes=(python,))
    with _running(cloudstage, steps, keep):
        infrastructure.apply(deployment, steps)
        made = deployment.deployed()
        with steps.step("Deliver raw data"):
            raw_zone.deliver(deployment.client("s3"), made.outputs["buckets"]["raw"])
        job = deployed.find(made.outputs, JOB)
        with steps.step(f"Run the deployed Glue job {job.name}") as say:
            outcome = glue_run.run(deployment, job, {}, say)
        glue_run.check(outcome, job, deployment.options)
        with steps.step("Query the table through Athena"):
            answers = [athena.query(deployment, sql) for sql in report.QUERIES]
    report.deployed(console, made)
    report.job(console, outcome)
    for answer in answers[:-1]:
        console.print(as_table(answer))
    report.plot(console, answers[-1])
    report.times(console, steps.seconds)
    report.next_steps(console, keep)


@contextlib.contextmanager
def _running(cloudstage: Cloudstage, steps: Steps, keep: bool) -> Iterator[None]:
    """The cloudstage: left as it is if it runs already, else tied to this process unless it is to stay."""
    if keep or cloudstage.running():
        with steps.step("Start the cloudstage"):
            cloudstage.up()
        yield
        return
    with contextlib.ExitStack() as stack:
        with steps.step("Start the cloudstage"):
            stack.enter_context(cloudstage.tethered())
        yield
        with steps.step("Stop the cloudstage, keeping what is in it"):
            stack.close()
