"""What is in a cloudstage, in one file from which its next server goes on.

The file is a line of JSON that says what wrote it and what must follow, then the pickled backends. It is
replaced as a whole or not at all: whenever the server is killed, it holds some moment between two requests.
What is in the buckets of S3 is not in it; that is in the journal.
"""

from __future__ import annotations

import contextlib
import datetime
import gc
import hashlib
import json
import os
import platform
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import moto
from moto.core.base_backend import BackendDict

from cloudstage.contents import arrival, pickling
from cloudstage.contents.bodies import BodyStore
from cloudstage.contents.journal import DamagedError, Journal
from cloudstage.contents.objects import ObjectJournal
from cloudstage.contents.recording import Recording
from cloudstage.errors import ServerError
from cloudstage.patching import Patch

WRITER = {"format": 2, "moto": moto.__version__, "python": platform.python_version().rpartition(".")[0]}
OWN_ATTRIBUTES = {"backend", "service_name", "_use_boto3_regions", "_additional_regions", "_id"}


@dataclass(frozen=True)
class Registry:
    """The backends of one service, of all accounts and regions, and where moto looks for them."""

    name: tuple[str, str]
    attributes: dict[str, Any]
    backends: dict[tuple[str, str], Any]


@dataclass(frozen=True)
class Taken:
    """A snapshot in memory, the moment it is of (ISO 8601, UTC), and the last change of a bucket in it."""

    data: bytes
    moment: str
    bucket_change: int


class Snapshot:
    """The saved contents of the cloudstage in ``directory``."""

    def __init__(self, directory: Path) -> None:
        self.path = directory / "contents.snapshot"
        self._bodies = BodyStore(directory / "objects")
        self._objects = ObjectJournal(Journal(directory / "journal", WRITER), self._bodies)
        self._saved = ""
        self._saved_change = 0

    def install(self, patch: Patch) -> Recording:
        """From now on, have moto keep bodies on the disk and journal what changes in S3."""
        arrival.install(self._bodies, patch)
        recording = Recording(self._objects)
        recording.install(patch)
        return recording

    def take(self) -> Taken:
        """Pickle all backends.

        Raises:
            RuntimeError: a backend was changed meanwhile; try again.
            ServerError: something in a backend can't be pickled.
        """
        moment = datetime.datetime.now(datetime.UTC).isoformat()
        change = self._objects.last_change
        contents = _contents()
        try:
            return Taken(pickling.dumps(contents, self._bodies), moment, change)
        except pickling.UNPICKLABLE as error:
            raise ServerError(f"{_culprit(contents, self._bodies)} can't be saved: {error}") from error

    def write(self, taken: Taken) -> None:
        """Make ``taken`` the saved contents. Does nothing if they are the same already."""
        self._bodies.sync()
        self._objects.sync()
        digest = hashlib.sha256(taken.data).hexdigest()
        if digest != self._saved:
            header = WRITER | {
                "taken_at": taken.moment,
                "bucket_change": taken.bucket_change,
                "bytes": len(taken.data),
                "sha256": digest,
            }
            temporary = self.path.with_suffix(".new")
            with temporary.open("wb") as file:
                file.write(json.dumps(header).encode() + b"\n")
                file.write(taken.data)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(self.path)
            _sync_directory(self.path.parent)
            self._saved = digest
            self._saved_change = taken.bucket_change
        self._bodies.sweep()
        self._objects.tidy(self._saved_change)

    def restore(self) -> None:
        """Put the saved contents, if there are any, into moto.

        Raises:
            ServerError: a file is damaged or was written by another version.
        """
        with _without_collections():
            self._restore_backends()
            try:
                self._objects.restore(self._saved_change)
            except DamagedError as error:
                raise self._refusal(str(error)) from error
            except Exception as error:  # whatever unpickling met: this code can't read that file
                raise self._refusal(f"can't be read ({type(error).__name__}: {error})") from error
        self._bodies.clean()

    def _restore_backends(self) -> None:
        try:
            header, _, data = self.path.read_bytes().partition(b"\n")
        except FileNotFoundError:
            return
        facts = self._check(header, data)
        try:
            contents = pickling.loads(data, self._bodies)
        except Exception as error:  # whatever unpickling met: this code can't read that file
            raise self._refusal(f"can't be read ({type(error).__name__}: {error})") from error
        for registry in contents:
            _install(registry)
        self._saved = str(facts["sha256"])
        self._saved_change = int(facts["bucket_change"])

    def _check(self, header: bytes, data: bytes) -> dict[str, Any]:
        try:
            facts = json.loads(header)
            written_by = {name: facts[name] for name in WRITER}
            sound = facts["sha256"] == hashlib.sha256(data).hexdigest()
        except (ValueError, KeyError, TypeError):
            raise self._refusal("are damaged") from None
        if written_by != WRITER:
            was, now = (
                f"moto {it['moto']}, Python {it['python']}, format {it['format']}"
                for it in (written_by, WRITER)
            )
            raise self._refusal(f"were written by another version ({was}; this is {now})")
        if not sound:
            raise self._refusal("are damaged")
        return dict(facts)

    def _refusal(self, what: str) -> ServerError:
        return ServerError(
            f"The saved contents of the cloudstage, {self.path}, {what}. Start again with an empty one: "
            f"cloudstage down --delete-data --directory {self.path.parent}"
        )


@contextlib.contextmanager
def _without_collections() -> Iterator[None]:
    """Looking for garbage takes almost half the time of restoring what is none."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _contents() -> list[Registry]:
    """Everything that is in use, without the copies moto makes of a registry's contents."""
    return [
        Registry(
            pickling.registry_name(backends),
            {name: value for name, value in vars(backends).items() if name not in OWN_ATTRIBUTES},
            {
                (account_id, region): backend
                for account_id, regions in list(dict.items(backends))
                for region, backend in list(dict.items(regions))
            },
        )
        for backends in list(BackendDict._instances)  # type: ignore[misc]
    ]


def _install(registry: Registry) -> None:
    backends = pickling.registry(*registry.name)
    vars(backends).update(registry.attributes)
    for (account_id, region), backend in registry.backends.items():
        dict.__setitem__(backends[account_id], region, backend)


def _culprit(contents: list[Registry], bodies: BodyStore) -> str:
    """Name the service whose backend does not pickle."""
    for registry in contents:
        try:
            pickling.dumps(registry, bodies)
        except pickling.UNPICKLABLE:
            return registry.name[0]
    return "a combination of backends"


def _sync_directory(directory: Path) -> None:
    """Make a rename in ``directory`` last."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
