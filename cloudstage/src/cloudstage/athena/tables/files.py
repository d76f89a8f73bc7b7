"""The files of a table that is not Iceberg, with the partition that each belongs to."""

from __future__ import annotations

import bisect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cloudstage.athena.tables import projection
from cloudstage.athena.tables.catalog import Catalog, GlueTable
from cloudstage.athena.tables.objects import StageObjects, StoredObject

NULL_PARTITION = "__HIVE_DEFAULT_PARTITION__"


@dataclass(frozen=True)
class Partition:
    """The values of the partition columns as text, None for null, and where the files are."""

    values: tuple[str | None, ...]
    location: str


@dataclass(frozen=True)
class TableFile:
    """A file and the values of its partition."""

    stored: StoredObject
    values: tuple[str | None, ...]


def partitions(catalog: Catalog, table: GlueTable, fixed: Mapping[str, Sequence[str]]) -> list[Partition]:
    """All partitions; a table without has one without values. ``fixed``: see ``projection``."""
    if not table.partition_columns:
        return [Partition((), table.location)]
    if projection.enabled(table):
        projected = projection.partitions(table, fixed)
        return [Partition(values, projection.location(table, values)) for values in projected]
    return [
        Partition(
            tuple(None if value == NULL_PARTITION else value for value in each["Values"]),
            str(each["StorageDescriptor"]["Location"]).rstrip("/"),
        )
        for each in catalog.partitions(table)
    ]


def files(objects: StageObjects, chosen: Sequence[Partition]) -> Iterator[TableFile]:
    """The files of partitions; names that start with ``_`` or ``.`` are hidden, empty files have no rows."""
    listing = _Listing(objects)
    for partition in chosen:
        for stored in listing.under(partition.location + "/"):
            name = stored.uri.rpartition("/")[2]
            if name and not name.startswith(("_", ".")) and stored.size:
                yield TableFile(stored, partition.values)


class _Listing:
    """Lists each bucket once, however many partitions are looked up in it."""

    def __init__(self, objects: StageObjects) -> None:
        self._objects = objects
        self._buckets: dict[str, list[StoredObject]] = {}

    def under(self, uri: str) -> Iterator[StoredObject]:
        bucket = "s3://" + uri.partition("://")[2].partition("/")[0] + "/"
        if bucket not in self._buckets:
            self._buckets[bucket] = list(self._objects.under(bucket))
        stored = self._buckets[bucket]
        prefix = bucket + uri.partition("://")[2].partition("/")[2]
        address: Callable[[StoredObject], str] = _uri
        for index in range(bisect.bisect_left(stored, prefix, key=address), len(stored)):
            if not stored[index].uri.startswith(prefix):
                break
            yield stored[index]


def _uri(stored: StoredObject) -> str:
    return stored.uri
