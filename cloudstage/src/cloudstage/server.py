"""One cloudstage in the foreground: ``python -m cloudstage.server DIRECTORY``.

``cloudstage.lifecycle`` starts it, with pipes to hear that it is ready and to tell it that its caller is gone.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import datetime
import faulthandler
import functools
import json
import logging
import os
import secrets
import signal
import socket
import sys
import threading
from pathlib import Path
from typing import Any

from cloudstage import credentials, locks, private_files, record
from cloudstage.cache import cache_directory
from cloudstage.configuration import Configuration
from cloudstage.environment import client_environment, process_environment
from cloudstage.errors import CloudstageError, ServerError
from cloudstage.lifetime import STARTER, Lifetime
from cloudstage.supervision.handshake import proof

log = logging.getLogger("cloudstage.server")

HOST = "127.0.0.1"
BACKLOG = 256
POLL_SECONDS = 0.1
CLAIM_SECONDS = 1.0
"""Others hold the lock for an instant when they look whether anybody does."""
LONGEST_EXECUTOR_STOP_SECONDS = 20
LONGEST_STOP_SECONDS = 50


def main() -> int:
    """Serve the cloudstage kept in a directory until a signal, or until nobody holds it."""
    _keep_what_is_compiled()
    arguments = _arguments()
    logging.basicConfig(
        level=logging.WARNING, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    # DEBUG also says what deployed code was allowed to do: what its role needs, that is.
    logging.getLogger("cloudstage").setLevel(os.environ.get("CLOUDSTAGE_LOG_LEVEL", "WARNING"))
    faulthandler.register(signal.SIGUSR1)  # kill -USR1 PID: where is it stuck?
    starter = Starter(arguments.ready_fd)
    try:
        server = Server(arguments.directory.resolve(), arguments.configuration)
        server.start()
        server.announce(arguments.tether_fd)
        starter.tell({"ready": True})
        server.run()
    except CloudstageError as error:
        log.error("%s", error)  # noqa: TRY400 (a message for a person; its cause is logged where it matters)
        starter.tell({"error": str(error)})
        return error.exit_code
    return 0


def _keep_what_is_compiled() -> None:
    """Where Python may leave nothing beside its sources, it does so in the cache.

    A start that compiles all that it imports takes five seconds instead of one.
    """
    if sys.dont_write_bytecode:
        sys.pycache_prefix, sys.dont_write_bytecode = str(cache_directory() / "compiled"), False


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Run one cloudstage in the foreground.")
    parser.add_argument("directory", type=Path, help="where the cloudstage keeps its contents")
    parser.add_argument("configuration", type=_configuration, help="a JSON object of its choices")
    parser.add_argument(
        "--ready-fd", type=int, help="a pipe that is told when the cloudstage answers, or why not"
    )
    parser.add_argument(
        "--tether-fd", type=int, help="a pipe: the cloudstage stops when its other end is closed"
    )
    return parser.parse_args()


def _configuration(text: str) -> Configuration:
    return Configuration(**json.loads(text))


class Starter:
    """The process that waits for this one to be ready, if there is one; it is told once."""

    def __init__(self, ready_fd: int | None) -> None:
        self._ready_fd = ready_fd

    def tell(self, message: dict[str, Any]) -> None:
        """Say that the cloudstage is ready, or why it will not be."""
        if self._ready_fd is not None:
            with contextlib.suppress(BrokenPipeError):  # it has ended meanwhile
                os.write(self._ready_fd, json.dumps(message).encode())
            os.close(self._ready_fd)
            self._ready_fd = None


class Server:
    """The process of the cloudstage in ``directory``.

    Raises:
        ServerError: another process serves this directory, or it can't be written to.
    """

    def __init__(self, directory: Path, configuration: Configuration) -> None:
        self._directory = directory
        self._lock = _claim(directory)
        self._lifetime = Lifetime()
        self._configuration = configuration
        self._credentials = credentials.ensure(directory)
        self._token = secrets.token_urlsafe()

    def start(self) -> None:
        """Restore what was in the cloudstage and answer requests from now on."""
        known = record.read(self._directory)
        listener = _listen(known.port if known else 0)
        port = listener.getsockname()[1]
        endpoint = f"http://{HOST}:{port}"
        # moto reads its settings when it is imported, and so do clients made by moto or an executor.
        client = client_environment(endpoint, self._configuration.region, self._credentials)
        environment = process_environment(os.environ, client)
        os.environ.clear()
        os.environ.update(environment, MOTO_PORT=str(port), MOTO_ACCOUNT_ID=self._configuration.account_id)
        import moto
        from werkzeug.serving import ThreadedWSGIServer

        from cloudstage.application import Application
        from cloudstage.context import Context
        from cloudstage.serving.control import Control
        from cloudstage.serving.handler import RequestHandler
        from cloudstage.serving.origin import SameSite
        from cloudstage.serving.s3_cors import S3Cors

        self._application = Application(
            Context(self._directory, endpoint, self._configuration, self._credentials)
        )
        prove = functools.partial(self._prove, endpoint)
        control = Control(self._application.wsgi, self._lifetime, prove, self._token)
        wsgi = SameSite(control, S3Cors(self._configuration.account_id).allows)
        with listener:  # the HTTP server has a descriptor of its own, which it can close
            self._http = ThreadedWSGIServer(HOST, port, wsgi, RequestHandler, fd=listener.fileno())
        threading.Thread(
            target=self._http.serve_forever, args=(POLL_SECONDS,), name="http", daemon=True
        ).start()
        self._application.start()
        self._record = record.Record(
            os.getpid(),
            port,
            self._configuration.region,
            self._configuration.account_id,
            endpoint,
            _now(),
            moto.__version__,
            self._token,
            self._configuration.moto_api,
        )

    def announce(self, tether_fd: int | None) -> None:
        """Let others find the cloudstage, which from now on stays as long as this one or any of them holds it."""
        self._lifetime.end_by_signal()  # who finds it may stop it at once
        if tether_fd is None:
            self._lifetime.keep()
        else:
            self._lifetime.hold_by_pipe(STARTER, tether_fd)
        self._record.write(self._directory)

    def run(self) -> None:
        """Serve until it is time to stop, then save.

        Raises:
            ServerError: the contents could not be saved.
        """
        self._lifetime.wait()
        # Whatever it hangs in, the process ends, and its log says where.
        faulthandler.dump_traceback_later(LONGEST_STOP_SECONDS, exit=True)
        stop_executors = threading.Thread(target=self._application.stop_executors, daemon=True)
        stop_executors.start()
        stop_executors.join(LONGEST_EXECUTOR_STOP_SECONDS)
        if stop_executors.is_alive():
            log.error("The executors do not stop; saving without waiting any longer")
            faulthandler.dump_traceback()
        self._http.shutdown()
        # A connection is refused from now on, where it would wait for an answer until the process ends; and the
        # port is free before the lock is, which others wait for.
        self._http.server_close()
        try:
            self._application.save()
        except Exception as error:  # of any kind: it is what the user has to know
            raise ServerError(f"The contents of {self._directory} could not be saved: {error}") from error
        dataclasses.replace(self._record, stopped_at=_now()).write(self._directory)

    def _prove(self, endpoint: str, challenge: str) -> str:
        secret = self._credentials.secret_access_key
        return proof(secret, challenge, endpoint, str(self._directory), os.getpid())


def _claim(directory: Path) -> int:
    """Lock the directory for as long as this process lives."""
    try:
        private_files.make_directory(directory)
        path = directory / "server.lock"
        try:
            descriptor = locks.lock(path, CLAIM_SECONDS)
        except TimeoutError:
            raise ServerError(
                f"Process {locks.holder(path)} already serves {directory}; stop it: cloudstage down"
            ) from None
        os.ftruncate(descriptor, 0)
        os.write(descriptor, str(os.getpid()).encode())
    except OSError as error:
        raise ServerError(f"The cloudstage can't be kept in {directory}: {error}") from error
    return descriptor


def _listen(port: int) -> socket.socket:
    """Listen on ``port``; on any free one if that is taken."""
    try:
        return socket.create_server((HOST, port), backlog=BACKLOG)
    except OSError:
        return socket.create_server((HOST, 0), backlog=BACKLOG)


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


if __name__ == "__main__":
    code = main()
    logging.shutdown()
    os._exit(code)  # all is saved: idle connections and threads of executors have nothing to wait for
