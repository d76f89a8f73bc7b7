"""AWS Lambda in the local stage: deployed functions run as processes that speak the Runtime API."""

from __future__ import annotations

import logging
from pathlib import Path

from ops.local import runtimes
from ops.local.adapters.registry import Patch
from ops.local.awslambda import invoke_api, moto_calls
from ops.local.awslambda.asynchronous import AsynchronousInvoker
from ops.local.awslambda.event_sources.mappings import Mappings
from ops.local.awslambda.executor import Executor
from ops.local.awslambda.triggers import buckets, rules, topics
from ops.local.context import StageContext

log = logging.getLogger(__name__)


def install(context: StageContext) -> Patch:
    """Run deployed functions for real: when invoked, and by their triggers.

    Returns what was replaced in moto, for whoever wants it back.
    """
    patch = Patch()
    executor = Executor(context, _python_of)
    asynchronous = AsynchronousInvoker(context, executor)
    mappings = Mappings(context, executor)
    invoke_api.install(patch, executor, asynchronous)
    moto_calls.install(patch, executor, asynchronous)
    mappings.install(patch)
    for trigger in (buckets, topics, rules):
        trigger.install(patch, asynchronous.delivery)
    context.on_start(asynchronous.resume)
    context.on_start(mappings.resume)
    context.on_stop(executor.stop)
    context.on_stop(asynchronous.stop)
    context.on_stop(mappings.stop)
    return patch


def _python_of(runtime: str) -> Path:
    return runtimes.ensure(f"lambda-{runtime}", log.info).python
