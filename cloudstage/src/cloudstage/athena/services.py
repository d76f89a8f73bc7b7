"""What every query of a cloudstage works with."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

from moto.athena.models import AthenaBackend, athena_backends
from pyiceberg.catalog.glue import GlueCatalog

from cloudstage.athena.engine import Engine
from cloudstage.athena.tables import iceberg_writes
from cloudstage.athena.tables.catalog import Catalog
from cloudstage.athena.tables.objects import StageObjects
from cloudstage.athena.tables.open import TableOpener
from cloudstage.context import Context


@dataclass(frozen=True)
class Services:
    """One cloudstage's catalog, objects and engine."""

    context: Context
    objects: StageObjects
    engine: Engine

    @property
    def backend(self) -> AthenaBackend:
        """What moto remembers of Athena in the cloudstage's own region."""
        return athena_backends[self.context.account_id][self.context.region]

    @property
    def backends(self) -> list[AthenaBackend]:
        """What moto remembers of Athena in each region that was used."""
        return list(athena_backends[self.context.account_id].values())

    @functools.cached_property
    def iceberg(self) -> GlueCatalog:
        """The catalog as pyiceberg uses it to change tables."""
        return iceberg_writes.catalog(self.context)

    @property
    def s3(self) -> Any:
        """The cloudstage's S3, for writing."""
        return self.context.client("s3")

    @property
    def catalog(self) -> Catalog:
        """The cloudstage's Glue catalog."""
        return Catalog(self.context.client("glue"))

    @property
    def tables(self) -> TableOpener:
        """The tables of the catalog."""
        return TableOpener(self.catalog, self.objects)
