"""The buckets and objects of S3, in a journal: what a client was told is stored is in it before.

Each record is the state of one thing after a change: a bucket, an object with all its versions, an upload
that was begun, a part of one. To apply a record twice, or on top of a later state that was never acknowledged,
does no harm; so the journal needs no agreement with the snapshot but one: the snapshot has the settings
of the buckets, too, and knows the number of the last change of a bucket that it contains.
"""

from __future__ import annotations

import logging
import pickle
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, NamedTuple

from moto.s3.models import FakeBucket, FakeMultipart, FakeTableStorageBucket, S3Backend, s3_backends

from cloudstage.contents import pickling
from cloudstage.contents.bodies import BodyStore
from cloudstage.contents.journal import Journal

log = logging.getLogger(__name__)

ATTEMPTS = 50
PAUSE_SECONDS = 0.002
WORTH_COMPACTING_BYTES = 8 << 20


class Kind(IntEnum):
    """What a record is about."""

    BUCKET = 0
    OBJECT = 1
    UPLOAD = 2
    PART = 3


class Thing(NamedTuple):
    """Something in S3 that can change.

    ``name`` is an object's key, an upload's id, or empty; ``part`` is the number of a part, or 0.
    """

    kind: Kind
    bucket: str
    name: str = ""
    part: int = 0

    @property
    def upload(self) -> Thing:
        """The upload of a part."""
        return Thing(Kind.UPLOAD, self.bucket, self.name)


@dataclass
class LatestStates:
    """The last record of each thing."""

    after: int
    """Changes of buckets up to this number are in the snapshot."""
    last_change: int = 0
    buckets: list[tuple[int, str, bytes | None]] = field(default_factory=list)
    things: dict[str, dict[Thing, bytes]] = field(default_factory=dict)
    parts: dict[Thing, dict[Thing, bytes]] = field(default_factory=dict)

    def add(self, record: bytes) -> None:
        """Add the next record."""
        kind, bucket, name, part, number, state = pickle.loads(record)  # noqa: S301 (written by this program)
        self.last_change = max(self.last_change, number)
        thing = Thing(Kind(kind), bucket, name, part)
        if thing.kind is Kind.BUCKET:
            if number > self.after:
                self.buckets.append((number, bucket, state))
            if state is None:
                self.things.pop(bucket, None)
        elif state is None:
            self.things.get(bucket, {}).pop(thing, None)
            self.parts.pop(thing, None)
        elif thing.kind is Kind.PART:
            self.parts.setdefault(thing.upload, {})[thing] = state
        else:
            self.things.setdefault(bucket, {})[thing] = state

    def latest(self) -> Iterator[tuple[Thing, bytes]]:
        """The states of all that is in buckets, of an upload before those of its parts."""
        for things in self.things.values():
            for thing, state in things.items():
                yield thing, state
                yield from self.parts.get(thing, {}).items()

    def records(self) -> Iterator[bytes]:
        """The records that say the same."""
        for number, bucket, state in self.buckets:
            yield _record(Thing(Kind.BUCKET, bucket), number, state)
        for thing, state in self.latest():
            yield _record(thing, 0, state)


class ObjectJournal:
    """Keeps the journal of what is in moto's S3, and puts it back there."""

    def __init__(self, journal: Journal, bodies: BodyStore) -> None:
        self._journal = journal
        self._bodies = bodies
        self._lock = threading.Lock()
        self._missing: dict[Thing, None] = {}
        self._last_change = 0

    @property
    def last_change(self) -> int:
        """The number of the last change of a bucket."""
        return self._last_change

    def record(self, things: Iterable[Thing]) -> None:
        """Write the states that these things have now.

        Raises:
            OSError: they can't be written; they are tried again with the next record.
        """
        with self._lock:
            self._missing.update(dict.fromkeys(things))
            for thing in list(self._missing):
                if thing.kind is Kind.BUCKET:
                    self._last_change += 1
                    number = self._last_change
                else:
                    number = 0
                self._journal.append(_record(thing, number, self._state(thing)))
                del self._missing[thing]

    def restore(self, after: int) -> None:
        """Put into moto what the journal has; the snapshot, restored before, has changes up to ``after``.

        An object whose body did not reach the disk before the machine lost power is left out and logged.

        Raises:
            DamagedError: the journal can't be read.
        """
        states = LatestStates(after)
        for record in self._journal.read():
            states.add(record)
        self._last_change = max(after, states.last_change)
        for _, name, state in states.buckets:
            _put_bucket(name, pickling.loads(state, self._bodies) if state else None)
        for thing, state in states.latest():
            if bucket := _bucket(thing.bucket):
                try:
                    _put(bucket, thing, pickling.loads(state, self._bodies))
                except FileNotFoundError as error:
                    log.error("s3://%s/%s is lost: %s", thing.bucket, thing.name, error)  # noqa: TRY400 (no bug)

    def tidy(self, saved_change: int) -> None:
        """Compact the journal if most of it is outdated.

        Args:
            saved_change: the number of the last change of a bucket that the snapshot on the disk has.
        """
        journal = self._journal
        if journal.size < 2 * journal.size_when_compacted + WORTH_COMPACTING_BYTES:
            return

        def rewrite(records: Iterable[bytes]) -> Iterator[bytes]:
            states = LatestStates(saved_change)
            for record in records:
                states.add(record)
            return states.records()

        journal.compact(rewrite)

    def sync(self) -> None:
        """Make it last, also if the machine loses power."""
        self._journal.sync()

    def _state(self, thing: Thing) -> bytes | None:
        for attempt in range(ATTEMPTS):
            try:
                state = _read(thing)
                return None if state is None else pickling.dumps(state, self._bodies)
            except RuntimeError:  # another request changes it right now
                if attempt == ATTEMPTS - 1:
                    raise
                time.sleep(PAUSE_SECONDS)
        raise AssertionError


def _record(thing: Thing, number: int, state: bytes | None) -> bytes:
    return pickle.dumps((int(thing.kind), thing.bucket, thing.name, thing.part, number, state))


def _backend(bucket_name: str) -> S3Backend | None:
    """The backend that has a bucket."""
    partition, account_id = s3_backends.bucket_accounts.get(bucket_name, (None, None))
    return s3_backends[account_id][partition] if partition and account_id else None


def _bucket(name: str) -> FakeBucket | None:
    backend = _backend(name)
    if backend is None:
        return None
    return backend.buckets.get(name) or backend.table_buckets.get(name)


def _tags(owner: Any) -> dict[str, dict[str, str | None]]:
    """All tags of the account in whose name an object was put."""
    return s3_backends[owner.account_id][owner.partition].tagger.tags


def _read(thing: Thing) -> Any:
    """The state of a thing; None if it is not there."""
    bucket = _bucket(thing.bucket)
    if bucket is None:
        return None
    if thing.kind is Kind.BUCKET:
        return bucket, _tags(bucket).get(bucket.arn)
    if thing.kind is Kind.OBJECT:
        versions = list(bucket.keys.getlist(thing.name, []))
        tags = {it.arn: _tags(it).get(it.arn) for it in versions if hasattr(it, "arn")}
        return (versions, tags) if versions else None
    upload = bucket.multiparts.get(thing.name)
    if thing.kind is Kind.UPLOAD:
        return upload and {
            name: value for name, value in vars(upload).items() if name not in ("parts", "partlist")
        }
    return upload and upload.parts.get(thing.part)


def _put_bucket(name: str, state: tuple[FakeBucket, dict[str, str | None] | None] | None) -> None:
    before = _backend(name)
    if state is None:
        if before:
            before.buckets.pop(name, None)
            before.table_buckets.pop(name, None)
            del s3_backends.bucket_accounts[name]
        return
    bucket, tags = state
    backend = s3_backends[bucket.account_id][bucket.partition]
    is_table_storage = isinstance(bucket, FakeTableStorageBucket)
    buckets: Any = backend.table_buckets if is_table_storage else backend.buckets
    buckets[name] = bucket
    s3_backends.bucket_accounts[name] = (bucket.partition, bucket.account_id)
    _put_tags(bucket, bucket.arn, tags)


def _put(bucket: FakeBucket, thing: Thing, state: Any) -> None:
    if thing.kind is Kind.OBJECT:
        versions, tags = state
        bucket.keys.setlist(thing.name, versions)
        for version in versions:
            if hasattr(version, "arn"):
                _put_tags(version, version.arn, tags[version.arn])
    elif thing.kind is Kind.UPLOAD:
        begun: Any = FakeMultipart.__new__(FakeMultipart)
        vars(begun).update(state, parts={}, partlist=[])
        bucket.multiparts[thing.name] = begun
    elif upload := bucket.multiparts.get(thing.name):
        upload.parts[thing.part] = state
        upload.partlist = sorted(upload.parts)


def _put_tags(owner: Any, arn: str, tags: dict[str, str | None] | None) -> None:
    if tags is None:
        _tags(owner).pop(arn, None)
    else:
        _tags(owner)[arn] = tags
