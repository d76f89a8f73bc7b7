"""AWS Lambda in the cloudstage: deployed functions run as processes that speak the Runtime API."""

from __future__ import annotations

from cloudstage.awslambda import invoke, triggers
from cloudstage.awslambda.asynchronous import AsynchronousInvoker
from cloudstage.awslambda.event_sources.mappings import Mappings
from cloudstage.awslambda.executor import FunctionExecutor
from cloudstage.awslambda.runtime import find_program
from cloudstage.context import Context
from cloudstage.iam import lambda_roles
from cloudstage.patching import Patch


def install(context: Context, patch: Patch) -> None:
    """Run deployed functions for real: when invoked, and by their triggers."""
    executor = FunctionExecutor(context, find_program)
    asynchronous = AsynchronousInvoker(context, executor)
    mappings = Mappings(context, executor, asynchronous.delivery)
    invoke.install(patch, executor, asynchronous)
    mappings.install(patch)
    if context.configuration.enforce_roles:
        lambda_roles.install(context, patch)
    triggers.install(patch, asynchronous.delivery)
    context.on_start(asynchronous.resume)
    context.on_start(mappings.resume)
    context.on_stop(executor.stop)
    context.on_stop(asynchronous.stop)
    context.on_stop(mappings.stop)
