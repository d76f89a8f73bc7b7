"""AWS Lambda in the local stage: deployed functions run as processes that speak the Runtime API."""

from __future__ import annotations

from pathlib import Path

from ops.local.adapters.registry import Patch
from ops.local.awslambda import invoke_api
from ops.local.awslambda.asynchronous import AsynchronousInvoker
from ops.local.awslambda.event_sources.mappings import Mappings
from ops.local.awslambda.executor import Executor
from ops.local.context import StageContext


def install(context: StageContext) -> None:
    """Run deployed functions for real: when invoked, and by their triggers."""
    patch = Patch()
    executor = Executor(context, _python_of)
    asynchronous = AsynchronousInvoker(context, executor)
    mappings = Mappings(context, executor)
    invoke_api.install(patch, executor, asynchronous)
    mappings.install(patch)
    context.on_start(asynchronous.resume)
    context.on_start(mappings.resume)
    context.on_stop(executor.stop)
    context.on_stop(asynchronous.stop)
    context.on_stop(mappings.stop)


def _python_of(runtime: str) -> Path:
    return Path(__file__).parents[3] / ".dst" / "runtimes" / f"lambda-{runtime}" / "bin" / "python"
