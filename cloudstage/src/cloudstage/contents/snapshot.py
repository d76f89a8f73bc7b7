"""What is in a cloudstage, in one file from which its next server goes on.

The file is a line of JSON that says what wrote it and what must follow, then the pickled backends. It is
replaced as a whole or not at all: whenever the server is killed, it holds some moment between two requests.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import platform
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import moto
from moto.core.base_backend import BackendDict

from cloudstage.contents import pickling
from cloudstage.contents.bodies import BodyStore
from cloudstage.errors import ServerError

WRITER = {"format": 1, "moto": moto.__version__, "python": platform.python_version().rpartition(".")[0]}
OWN_ATTRIBUTES = {"backend", "service_name", "_use_boto3_regions", "_additional_regions", "_id"}


@dataclass(frozen=True)
class Registry:
    """The backends of one service, of all accounts and regions, and where moto looks for them."""

    name: tuple[str, str]
    attributes: dict[str, Any]
    backends: dict[tuple[str, str], Any]


@dataclass(frozen=True)
class Taken:
    """A snapshot in memory, the S3 bodies it needs, and the moment it is of (ISO 8601, UTC)."""

    data: bytes
    bodies: set[str]
    moment: str


class Snapshot:
    """The saved contents of the cloudstage in ``directory``."""

    def __init__(self, directory: Path) -> None:
        self.path = directory / "contents.snapshot"
        self._bodies = BodyStore(directory / "objects")
        self._saved = ""

    def prepare(self) -> None:
        """Store the bodies of new S3 objects, which may take long, while requests are served.

        Raises:
            RuntimeError: objects came and went meanwhile; the next ``take`` stores what is missing.
        """
        pickling.dumps([entry for entry in _contents() if "s3" in entry.name[0]], self._bodies)

    def take(self) -> Taken:
        """Pickle all backends.

        Raises:
            RuntimeError: a backend was changed meanwhile; try again.
            ServerError: something in a backend can't be pickled.
        """
        moment = datetime.datetime.now(datetime.UTC).isoformat()
        contents = _contents()
        try:
            return Taken(*pickling.dumps(contents, self._bodies), moment)
        except pickling.UNPICKLABLE as error:
            raise ServerError(f"{_culprit(contents, self._bodies)} can't be saved: {error}") from error

    def write(self, taken: Taken) -> None:
        """Make ``taken`` the saved contents. Does nothing if they are the same already."""
        digest = hashlib.sha256(taken.data).hexdigest()
        if digest == self._saved:
            return
        self._bodies.sync()
        header = WRITER | {"taken_at": taken.moment, "bytes": len(taken.data), "sha256": digest}
        temporary = self.path.with_suffix(".new")
        with temporary.open("wb") as file:
            file.write(json.dumps(header).encode() + b"\n")
            file.write(taken.data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(self.path)
        _sync_directory(self.path.parent)
        self._saved = digest
        self._bodies.sweep(taken.bodies)

    def restore(self) -> None:
        """Put the saved contents, if there are any, into moto.

        Raises:
            ServerError: the file is damaged or was written by another version.
        """
        self._bodies.clean()
        try:
            header, _, data = self.path.read_bytes().partition(b"\n")
        except FileNotFoundError:
            return
        self._check(header, data)
        try:
            contents = pickling.loads(data, self._bodies)
        except Exception as error:  # whatever unpickling met: this code can't read that file
            raise self._refusal(f"can't be read ({type(error).__name__}: {error})") from error
        for registry in contents:
            _install(registry)
        self._saved = hashlib.sha256(data).hexdigest()

    def _check(self, header: bytes, data: bytes) -> None:
        try:
            facts = json.loads(header)
            written_by = {name: facts[name] for name in WRITER}
            sound = facts["sha256"] == hashlib.sha256(data).hexdigest()
        except (ValueError, KeyError, TypeError):
            raise self._refusal("is damaged") from None
        if written_by != WRITER:
            was, now = (f"moto {it['moto']}, Python {it['python']}" for it in (written_by, WRITER))
            raise self._refusal(
                f"was written by another version ({was}, format {written_by['format']}; this is {now})"
            )
        if not sound:
            raise self._refusal("is damaged")

    def _refusal(self, what: str) -> ServerError:
        return ServerError(
            f"The saved contents of the cloudstage, {self.path}, {what}. "
            "Start again with an empty cloudstage: cloudstage down --delete-data"
        )


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
