"""AWS Lambda in the cloudstage: deployed functions run as processes that speak the Runtime API."""

from __future__ import annotations

import logging
from pathlib import Path

from cloudstage import runtimes
from cloudstage.awslambda import invoke_api, moto_calls
from cloudstage.awslambda.asynchronous import AsynchronousInvoker
from cloudstage.awslambda.event_sources.mappings import Mappings
from cloudstage.awslambda.executor import Executor
from cloudstage.awslambda.triggers import buckets, rules, topics
from cloudstage.context import Context
from cloudstage.iam import lambda_roles
from cloudstage.patching import Patch

log = logging.getLogger(__name__)


def install(context: Context, patch: Patch) -> None:
    """Run deployed functions for real: when invoked, and by their triggers."""
    executor = Executor(context, _python_of)
    asynchronous = AsynchronousInvoker(context, executor)
    mappings = Mappings(context, executor)
    invoke_api.install(patch, executor, asynchronous)
    moto_calls.install(patch, executor, asynchronous)
    mappings.install(patch)
    if context.configuration.enforce_roles:
        lambda_roles.install(context, patch)
    for trigger in (buckets, topics, rules):
        trigger.install(patch, asynchronous.delivery)
    context.on_start(asynchronous.resume)
    context.on_start(mappings.resume)
    context.on_stop(executor.stop)
    context.on_stop(asynchronous.stop)
    context.on_stop(mappings.stop)


def _python_of(runtime: str) -> Path:
    return runtimes.ensure(f"lambda-{runtime}", log.info).python
