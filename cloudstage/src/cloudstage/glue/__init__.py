"""AWS Glue job runs in the cloudstage: what is deployed there really runs.

``api`` replaces moto's pretended runs, ``executor`` keeps the ones that are going on, ``attempt`` performs
one, and ``driver`` is its process: the deployed script, with the Python packages (``cloudstage.runtimes``),
Java (``cloudstage.runtimes.java``) and archives (``cloudstage.runtimes.jars``) that AWS Glue has.

``dataplane`` lets ``awsglue`` work without the Java half that AWS publishes nowhere; ``shell`` is for Python shell
jobs. A job for another Glue version runs in this one, and its log says so.

Not simulated: several workers (a run is one driver with all of this machine's cores), job bookmarks, streaming and
Ray jobs, `--python-modules-installer-option`, schedules of triggers.
"""

from __future__ import annotations

from cloudstage.context import Context
from cloudstage.glue import api
from cloudstage.glue.executor import JobExecutor
from cloudstage.glue.settings import Settings
from cloudstage.glue.trainer import Trainer
from cloudstage.patching import Patch
from cloudstage.runtimes.versions import GLUE_VERSIONS

__all__ = ["Settings", "install"]


def install(context: Context, patch: Patch, settings: Settings | None = None) -> None:
    """Make the cloudstage's Glue run the jobs that are deployed in it."""
    settings = settings or Settings(GLUE_VERSIONS[context.configuration.glue_version])
    executor = JobExecutor(context, settings)
    api.install(executor, patch)
    context.on_start(executor.recover)
    context.on_stop(executor.close)
    if settings.makes_class_data:
        trainer = Trainer(settings.version, context.directory / "glue-training.log")
        context.on_start(trainer.begin)
        context.on_stop(trainer.end)
        executor.after_run(trainer.begin)
