"""AWS Glue job runs in the local stage: what is deployed there really runs.

``api`` replaces moto's pretended runs, ``executor`` keeps the ones that are going on, ``attempt`` performs
one, and ``driver`` is its process: the deployed script, with the Python packages (``ops.local.runtimes``),
Java (``ops.local.java``) and archives (``ops.local.jars``) that AWS Glue has.

Not simulated: several workers (a run is one driver with all of this machine's cores), job bookmarks, the
``awsglue`` library, Python shell and Ray jobs, `--python-modules-installer-option`, schedules of triggers.
"""

from __future__ import annotations

from ops.local.context import StageContext
from ops.local.glue import api
from ops.local.glue.executor import Executor
from ops.local.glue.settings import Settings
from ops.local.glue.trainer import Trainer

__all__ = ["Settings", "install"]


def install(context: StageContext, settings: Settings | None = None) -> None:
    """Make the stage's Glue run the jobs that are deployed in it."""
    settings = settings or Settings()
    executor = Executor(context, settings)
    api.install(executor)
    context.on_start(executor.recover)
    context.on_stop(executor.close)
    if settings.makes_class_data:
        trainer = Trainer(context.directory / "glue-training.log")
        context.on_start(trainer.begin)
        context.on_stop(trainer.end)
        executor.after_run(trainer.begin)
