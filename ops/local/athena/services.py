"""What every query of a stage works with."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

from moto.athena.models import AthenaBackend, athena_backends
from pyiceberg.catalog.glue import GlueCatalog

from ops.local.athena.engine import Engine
from ops.local.athena.tables import iceberg_writes
from ops.local.athena.tables.catalog import Catalog
from ops.local.athena.tables.objects import StageObjects
from ops.local.athena.tables.open import TableOpener
from ops.local.context import StageContext


@dataclass(frozen=True)
class Services:
    """One stage's catalog, objects and engine."""

    context: StageContext
    objects: StageObjects
    engine: Engine

    @property
    def backend(self) -> AthenaBackend:
        """What moto remembers of Athena."""
        return athena_backends[self.context.account_id][self.context.region]

    @functools.cached_property
    def iceberg(self) -> GlueCatalog:
        """The catalog as pyiceberg uses it to change tables."""
        return iceberg_writes.catalog(self.context)

    @property
    def s3(self) -> Any:
        """The stage's S3, for writing."""
        return self.context.client("s3")

    @property
    def catalog(self) -> Catalog:
        """The stage's Glue catalog."""
        return Catalog(self.context.client("glue"))

    @property
    def tables(self) -> TableOpener:
        """The tables of the catalog."""
        return TableOpener(self.catalog, self.objects)
