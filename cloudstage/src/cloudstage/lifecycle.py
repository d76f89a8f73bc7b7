"""Start, find and stop cloudstages.

A cloudstage is a directory. Its server holds ``server.lock`` in it while it lives, which no process can forge or
leave behind; ``cloudstage.json`` says where it listens. Whoever starts or stops a server does so alone, holding
a lock in the user's cache.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import signal
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from cloudstage import credentials, launch, locks, private_files, record
from cloudstage.cache import cache_directory
from cloudstage.configuration import Configuration
from cloudstage.credentials import Credentials
from cloudstage.environment import client_environment, process_environment
from cloudstage.errors import ServerError
from cloudstage.lifetime import STARTER
from cloudstage.peer import Peer
from cloudstage.serving.moto_api import USER as MOTO_USER
from cloudstage.serving.moto_api import password as moto_password

START_SECONDS = 120.0
STOP_SECONDS = 60.0
POLL_SECONDS = 0.02


@dataclass(frozen=True)
class Running:
    """A cloudstage that answers requests.

    Attributes:
        endpoint: its address, for AWS_ENDPOINT_URL.
        port: the port in it.
        region: the region of clients that name none.
        account_id: the AWS account it stands in for.
        pid: its server's process.
        directory: where its contents are kept.
        moto_api: whether moto's own addresses are open.
    """

    endpoint: str
    port: int
    region: str
    account_id: str
    pid: int
    directory: Path
    moto_api: bool

    def environment(self) -> dict[str, str]:
        """The environment variables of a client that is this cloudstage's administrator.

        ``CLOUDSTAGE_DIRECTORY`` is among them: so a command can find the cloudstage itself, to hold it or stop it.

        Raises:
            ServerError: its key pair is gone, so that nobody can reach it any more.
        """
        client = client_environment(self.endpoint, self.region, self._credentials())
        return {**client, "CLOUDSTAGE_DIRECTORY": str(self.directory)}

    def moto_api_url(self) -> str:
        """Where moto's dashboard is, with its password, if it is open.

        Raises:
            ServerError: its key pair is gone.
        """
        password = moto_password(self._credentials())
        return f"http://{MOTO_USER}:{password}@{urlsplit(self.endpoint).netloc}/moto-api/"

    def process_environment(self, base: Mapping[str, str]) -> dict[str, str]:
        """``base`` for a child process whose AWS clients must reach this cloudstage and nothing else."""
        return process_environment(base, self.environment())

    def _credentials(self) -> Credentials:
        known = credentials.read(self.directory)
        if known is None:
            raise ServerError(
                f"{self.directory / credentials.FILE} is missing or damaged; restart the cloudstage"
            )
        return known


class Cloudstage:
    """The cloudstage kept in ``directory``, running or not.

    Every method raises ServerError if it can't do what it says.
    """

    def __init__(self, directory: Path, configuration: Configuration | None = None) -> None:
        self.directory = directory.resolve()
        self.configuration = configuration or Configuration()
        self._server_lock = self.directory / "server.lock"

    def running(self) -> Running | None:
        """The cloudstage if it answers requests."""
        found = self._find()
        return found[0] if found else None

    def up(self) -> Running:
        """Start the cloudstage unless it runs. It runs until ``down``, even if another process had started it."""
        with self._alone():
            found = self._find()
            if found and found[1].keep():
                return found[0]
            return self._start(None)[0]

    @contextlib.contextmanager
    def tethered(self) -> Iterator[Running]:
        """The cloudstage for the time of a ``with`` block.

        A cloudstage that is not running is started, and stops when the last process inside such a block has left
        it or has ended, even by ``kill -9``. One that is running already stays as it is.
        """
        with contextlib.ExitStack() as descriptors:
            with self._alone():
                running, peer, holder = self._hold(descriptors)
            try:
                yield running
            finally:
                if peer.release(holder):
                    self._await_stop(running.pid)

    def down(self) -> None:
        """Stop the cloudstage if it runs; what is in it is kept."""
        if not self.directory.is_dir():
            return
        with self._alone():
            self._stop()

    def delete(self) -> None:
        """Stop the cloudstage if it runs and remove it with everything that is in it."""
        if not self.directory.is_dir():
            return
        with self._alone():
            with contextlib.suppress(ServerError):  # what it could not save is not wanted
                self._stop()
            shutil.rmtree(self.directory)

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Let no other process start or stop this cloudstage meanwhile."""
        try:
            self.directory.parent.mkdir(parents=True, exist_ok=True)
            # Not in the directory, which may be removed meanwhile, nor beside it, among a project's files.
            name = hashlib.sha256(str(self.directory).encode()).hexdigest()[:16]
            lock = cache_directory() / "locks" / f"{name}.lock"
            lock.parent.mkdir(parents=True, exist_ok=True)
            with locks.exclusive(lock, START_SECONDS + STOP_SECONDS):
                yield
        except TimeoutError as error:
            raise ServerError(f"Another process is starting or stopping this cloudstage: {error}") from error
        except OSError as error:
            raise ServerError(f"The cloudstage can't be kept in {self.directory}: {error}") from error

    def _find(self) -> tuple[Running, Peer] | None:
        """The cloudstage if it answers requests, and how to talk to it."""
        known = record.read(self.directory)
        keys = credentials.read(self.directory)
        if known is None or known.stopped_at or keys is None:
            return None
        if locks.holder(self._server_lock) != known.pid:  # another program listens there now
            return None
        peer = Peer(known.endpoint, known.token)
        if not peer.serves(self.directory, known.pid, keys.secret_access_key):
            return None
        running = Running(
            known.endpoint,
            known.port,
            known.region,
            known.account_id,
            known.pid,
            self.directory,
            known.moto_api,
        )
        return running, peer

    def _hold(self, descriptors: contextlib.ExitStack) -> tuple[Running, Peer, str]:
        """Hold the running cloudstage, or start one, until ``descriptors`` is closed."""
        found = self._find()
        holder = str(uuid.uuid4())
        if found and (lease := found[1].lease(holder)):
            descriptors.callback(lease.close)
            return *found, holder
        reader, writer = os.pipe()
        descriptors.callback(os.close, writer)
        try:
            return *self._start(reader), STARTER
        finally:
            os.close(reader)

    def _start(self, tether_fd: int | None) -> tuple[Running, Peer]:
        private_files.make_directory(self.directory)
        (self.directory / ".gitignore").write_text("*\n", encoding="utf-8")  # it is nothing to commit
        if pid := locks.holder(self._server_lock):
            self._await_end(pid)  # it is stopping, or was killed just now
        launch.start(self.directory, self.configuration, tether_fd, START_SECONDS)
        found = self._find()
        if found is None:
            raise ServerError(f"The cloudstage stopped at once; see {self.directory / launch.LOG}")
        return found

    def _stop(self) -> None:
        pid = locks.holder(self._server_lock)
        if not pid:
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
        self._await_stop(pid)

    def _await_end(self, pid: int) -> None:
        """Wait until the server has ended; kill it if it does not."""
        deadline = time.monotonic() + STOP_SECONDS
        while locks.holder(self._server_lock) == pid:
            if time.monotonic() > deadline:
                os.kill(pid, signal.SIGKILL)
            time.sleep(POLL_SECONDS)
        launch.forget(pid)

    def _await_stop(self, pid: int) -> None:
        """Wait until the server has saved its contents and ended."""
        self._await_end(pid)
        known = record.read(self.directory)
        if known and known.pid == pid and not known.stopped_at:
            raise ServerError(
                "The cloudstage did not stop as it should; changes of the last seconds may be lost. "
                f"The reason is in {self.directory / launch.LOG}"
            )
