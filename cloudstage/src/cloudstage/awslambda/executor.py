"""Runs deployed function versions and keeps their execution environments."""

from __future__ import annotations

import threading
import time
import uuid
import zipfile
from typing import Any

from cloudstage.awslambda import function, results
from cloudstage.awslambda.code import CodeStore
from cloudstage.awslambda.environment import ExecutionEnvironment
from cloudstage.awslambda.function import FunctionVersion
from cloudstage.awslambda.logs import FunctionLog
from cloudstage.awslambda.pool import Pool, PoolClosedError, Reaper
from cloudstage.awslambda.process import FunctionProcess
from cloudstage.awslambda.results import InvocationResult
from cloudstage.awslambda.runtime import FindProgram, Package, function_environment
from cloudstage.awslambda.runtime_api import Event, Exchange
from cloudstage.context import Context
from cloudstage.errors import CloudstageError
from cloudstage.iam import lambda_roles

LARGEST_CONCURRENCY = 10
"""Environments per function version: a laptop is smaller than Lambda's default of 1,000 per account."""
PATIENCE_SECONDS = 60.0
IDLE_SECONDS = 180.0


class StoppingError(Exception):
    """The cloudstage stops and has ended the function's process: that says nothing about the function."""


class FunctionExecutor:
    """Invokes functions of one cloudstage in processes of the program that ``find_program`` gives."""

    def __init__(self, context: Context, find_program: FindProgram) -> None:
        self._context = context
        self._find_program = find_program
        self._code = CodeStore(context.directory / "lambda" / "code")
        self._pools: dict[str, tuple[FunctionVersion, Pool]] = {}
        self._lock = threading.Lock()
        self._stopping = False
        self._reaper = Reaper(self._reap, IDLE_SECONDS)

    def invoke(
        self,
        deployed: Any,
        payload: bytes,
        *,
        request_id: str = "",
        invoked_arn: str = "",
        client_context: str = "",
    ) -> InvocationResult:
        """Let ``deployed`` (moto's LambdaFunction) handle ``payload``.

        ``request_id`` is given where an earlier attempt had it already, ``invoked_arn`` where the caller named
        a version or an alias.

        Raises NoCapacityError, and StoppingError when the cloudstage stops meanwhile.
        """
        request_id = request_id or str(uuid.uuid4())
        deployed = function.routed(deployed, invoked_arn)
        try:
            version, pool, environment = self._environment(deployed)
        except (CloudstageError, zipfile.BadZipFile, OSError) as error:
            return self._not_started(deployed, request_id, error)
        usable = False
        try:
            deadline_ms = int((time.time() + version.timeout_seconds) * 1000)
            event = Event(
                request_id, payload, deadline_ms, invoked_arn or deployed.function_arn, client_context
            )
            outcome = environment.invoke(event)
            usable = outcome.environment_usable
            tail = environment.log.take_tail()
        finally:
            pool.release(environment, usable=usable)
            self._reaper.wake()
            self._context.changed()
        if self._stopping:
            raise StoppingError
        return InvocationResult(request_id, outcome.payload, outcome.failed, version.version, tail)

    def forget(self, function_name: str) -> None:
        """The function is deleted: end its processes, after what they do now."""
        with self._lock:
            deleted = [arn for arn, (version, _) in self._pools.items() if version.name == function_name]
            pools = [self._pools.pop(arn)[1] for arn in deleted]
        for pool in pools:
            pool.retire()

    def stop(self) -> None:
        """End all function processes."""
        self._stopping = True
        self._reaper.stop()
        with self._lock:
            pools = [pool for _, pool in self._pools.values()]
        for pool in pools:
            pool.kill()

    def _environment(self, deployed: Any) -> tuple[FunctionVersion, Pool, ExecutionEnvironment]:
        while not self._stopping:
            version = function.of(deployed)
            pool = self._pool(version, deployed)
            try:
                patience = PATIENCE_SECONDS if version.concurrency is None else 0.0
                return version, pool, pool.acquire(patience)
            except PoolClosedError:
                continue  # the function was updated meanwhile
        raise StoppingError

    def _pool(self, version: FunctionVersion, deployed: Any) -> Pool:
        """The pool of ``version``; that of an older configuration is retired."""
        with self._lock:
            known, pool = self._pools.get(version.arn, (None, None))
            if pool and known == version:
                return pool
            fresh = Pool(lambda: self._start(version, deployed), _limit(version))
            self._pools[version.arn] = (version, fresh)
        if pool:
            pool.retire()
        return fresh

    def _start(self, version: FunctionVersion, deployed: Any) -> ExecutionEnvironment:
        lambda_roles.check_variables(self._context, deployed)
        package = self._install(version, deployed)
        program = self._find_program(version.runtime, package)
        log = FunctionLog(version, self._context.account_id)
        log.muted = not lambda_roles.may_log(self._context, version.role, log.group, log.stream)
        if program.substitution:
            log.write([f"INIT_START {program.substitution}"])

        def start_process(runtime_api: str, exchange: Exchange) -> FunctionProcess:
            clients = self._context.role_environment(
                version.role, "lambda.amazonaws.com", version.session_name
            )
            variables = function_environment(version, program, clients, log, runtime_api)
            return FunctionProcess(program.command, package.task_root, variables, log, exchange)

        return ExecutionEnvironment(version, log, start_process)

    def _not_started(self, deployed: Any, request_id: str, error: Exception) -> InvocationResult:
        version = function.of(deployed)
        outcome = results.not_started(request_id, version.name, error)
        log = FunctionLog(version, self._context.account_id)
        log.write([outcome.log_message])
        return InvocationResult(request_id, outcome.payload, True, version.version, log.take_tail())

    def _install(self, version: FunctionVersion, deployed: Any) -> Package:
        if not getattr(deployed, "code_bytes", b""):
            raise CloudstageError(
                f"The function {version.name} has no zip package. The cloudstage runs functions from zip "
                "packages: deploy it with ZipFile, or with S3Bucket and S3Key."
            )
        layers = zip(version.layer_sha256, function.layers_of(deployed), strict=True)
        return Package(
            task_root=self._code.unpacked(version.code_sha256, deployed.code_bytes),
            layers=self._code.merged({sha256: layer.code_bytes for sha256, layer in layers}),
        )

    def _reap(self, idle_since: float) -> float | None:
        with self._lock:
            pools = [pool for _, pool in self._pools.values()]
        remaining = [oldest for pool in pools if (oldest := pool.reap(idle_since)) is not None]
        return min(remaining, default=None)


def _limit(version: FunctionVersion) -> int:
    return LARGEST_CONCURRENCY if version.concurrency is None else version.concurrency
