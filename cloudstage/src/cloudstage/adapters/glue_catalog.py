"""Gaps in moto's Glue Data Catalog."""

from __future__ import annotations

import threading
from typing import Any

from moto.glue.exceptions import GlueClientError
from moto.glue.responses import GlueResponse

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch

# Checking and changing a table has to be one step. Both take microseconds, so one lock serves all tables.
_catalog_writes = threading.Lock()


class ConcurrentModificationError(GlueClientError):
    """What Glue answers to an update that was prepared on an outdated version of the table."""

    def __init__(self) -> None:
        super().__init__(
            "ConcurrentModificationException", "Update table failed due to concurrent modifications."
        )


@adapter
def update_table_checks_version_id(patch: Patch) -> None:
    """An UpdateTable that names a stale ``VersionId`` must be refused.

    moto 5.2.5 ignores ``VersionId``, the optimistic lock of Iceberg's GlueCatalog (Java) and of pyiceberg.
    Both send the version they read and turn ConcurrentModificationException into CommitFailedException, upon
    which they try again on top of the other's commit. Without it one of two writers at once loses its rows.
    """
    original = GlueResponse.update_table

    def update_table(self: GlueResponse) -> Any:
        request = self.parameters
        expected = request.get("VersionId")
        with _catalog_writes:
            table = self.glue_backend.get_table(request["DatabaseName"], request["TableInput"]["Name"])
            if expected is not None and expected != table.as_dict()["VersionId"]:
                raise ConcurrentModificationError
            return original(self)

    patch.replace(GlueResponse, "update_table", update_table)


@adapter
def create_table_is_atomic(patch: Patch) -> None:
    """Of several CreateTable requests at once for one name, one must win and the others must hear of it.

    moto 5.2.5 looks whether the table exists and adds it in two steps, between which another thread of the
    server may add it, too: both are told that they created it, and the first one's table is gone.
    """
    original = GlueResponse.create_table

    def create_table(self: GlueResponse) -> Any:
        with _catalog_writes:
            return original(self)

    patch.replace(GlueResponse, "create_table", create_table)
